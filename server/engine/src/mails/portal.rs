//! Letters of the portal to people who sign up.

use protocol::locale::Locale;
use store::users::UserRecord;

use super::Mail;

/// Somebody signed up with this address: the code, and the link for another device.
pub(crate) fn confirm_address(email: &str, locale: Locale, code: &str, link: &str) -> Mail {
    let (subject, text) = match locale {
        Locale::En => (
            "Confirm your address".to_owned(),
            format!(
                "Your code is {code}\n\nType it on the page where you signed up. On another device, open \
                 this link and press Confirm:\n{link}\n\nCode and link are good for 15 minutes. If you \
                 did not sign up, do nothing: no account is made.\n"
            ),
        ),
        Locale::Lt => (
            "Patvirtinkite savo adresą".to_owned(),
            format!(
                "Jūsų kodas: {code}\n\nĮveskite jį puslapyje, kuriame registravotės. Kitame įrenginyje \
                 atverkite šią nuorodą ir spauskite „Patvirtinti“:\n{link}\n\nKodas ir nuoroda galioja 15 \
                 minučių. Jei nesiregistravote, nieko nedarykite: paskyra nebus sukurta.\n"
            ),
        ),
        Locale::Ru => (
            "Подтвердите свой адрес".to_owned(),
            format!(
                "Ваш код: {code}\n\nВведите его на странице, где вы регистрировались. На другом устройстве \
                 откройте эту ссылку и нажмите «Подтвердить»:\n{link}\n\nКод и ссылка действуют 15 минут. \
                 Если вы не регистрировались, ничего не делайте: учётная запись не будет создана.\n"
            ),
        ),
    };
    Mail {
        recipient: Some(email.to_owned()),
        subject,
        text,
    }
}

/// Somebody signed up with an address that has an account.
pub(crate) fn already_known(email: &str, locale: Locale, sign_in: &str) -> Mail {
    let (subject, text) = match locale {
        Locale::En => (
            "You already have an account".to_owned(),
            format!(
                "Somebody signed up with this address, but you already have an account. Sign in \
                 here:\n{sign_in}\n\nIf it was not you, do nothing: nothing has changed.\n"
            ),
        ),
        Locale::Lt => (
            "Jūs jau turite paskyrą".to_owned(),
            format!(
                "Kažkas registravosi šiuo adresu, bet paskyrą jau turite. Prisijunkite \
                 čia:\n{sign_in}\n\nJei tai buvote ne jūs, nieko nedarykite: niekas nepasikeitė.\n"
            ),
        ),
        Locale::Ru => (
            "У вас уже есть учётная запись".to_owned(),
            format!(
                "Кто-то зарегистрировался с этим адресом, но у вас уже есть учётная запись. Войдите \
                 здесь:\n{sign_in}\n\nЕсли это были не вы, ничего не делайте: ничего не изменилось.\n"
            ),
        ),
    };
    Mail {
        recipient: Some(email.to_owned()),
        subject,
        text,
    }
}

/// Authenticator app or recovery codes were changed (OWASP ASVS 6.3.7).
pub(crate) fn security_changed(user: &UserRecord) -> Mail {
    let name = &user.username;
    let (subject, text) = match user.locale {
        Locale::En => (
            "How you prove it is you was changed".to_owned(),
            format!(
                "The authenticator app or the recovery codes of {name} were just changed.\n\nIf it was \
                 not you, write to us at once: somebody may know your password.\n"
            ),
        ),
        Locale::Lt => (
            "Pakeistas jūsų tapatybės patvirtinimo būdas".to_owned(),
            format!(
                "Ką tik pakeista {name} autentifikavimo programėlė arba atkūrimo kodai.\n\nJei tai \
                 padarėte ne jūs, nedelsdami mums parašykite: kažkas gali žinoti jūsų slaptažodį.\n"
            ),
        ),
        Locale::Ru => (
            "Изменён способ подтверждения, что это вы".to_owned(),
            format!(
                "Только что изменены приложение для входа или запасные коды {name}.\n\nЕсли это были не \
                 вы, сразу напишите нам: возможно, кто-то знает ваш пароль.\n"
            ),
        ),
    };
    Mail {
        recipient: user.email.clone(),
        subject,
        text,
    }
}
