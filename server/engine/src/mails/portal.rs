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

/// Somebody forgot the password: the link to another one.
pub(crate) fn new_password(user: &UserRecord, link: &str, minutes: u64) -> Mail {
    let name = &user.username;
    let (subject, text) = match user.locale {
        Locale::En => (
            "Choose a new password".to_owned(),
            format!(
                "Somebody forgot the password of {name} at the developer portal. Open this link to choose \
                 a new one:\n{link}\n\nIt works once, for {minutes} minutes, and earlier links no longer \
                 work. If you did not ask for it, do nothing: your password stays as it is.\n"
            ),
        ),
        Locale::Lt => (
            "Pasirinkite naują slaptažodį".to_owned(),
            format!(
                "Kažkas pamiršo {name} slaptažodį kūrėjų portale. Atverkite šią nuorodą ir pasirinkite \
                 naują:\n{link}\n\nJi veikia vieną kartą, {minutes} min., o ankstesnės nuorodos \
                 nebeveikia. Jei to neprašėte, nieko nedarykite: slaptažodis liks toks, koks buvo.\n"
            ),
        ),
        Locale::Ru => (
            "Выберите новый пароль".to_owned(),
            format!(
                "Кто-то забыл пароль {name} на портале разработчиков. Откройте эту ссылку, чтобы выбрать \
                 новый:\n{link}\n\nОна действует один раз, {minutes} мин.; прежние ссылки больше не \
                 действуют. Если вы этого не просили, ничего не делайте: пароль останется прежним.\n"
            ),
        ),
    };
    Mail {
        recipient: user.email.clone(),
        subject,
        text,
    }
}

/// The password was changed by such a link (OWASP ASVS 6.3.7).
pub(crate) fn password_changed(user: &UserRecord) -> Mail {
    let name = &user.username;
    let (subject, text) = match user.locale {
        Locale::En => (
            "Your password was changed".to_owned(),
            format!(
                "The password of {name} was just changed, and everybody who was signed in with it is \
                 signed out.\n\nIf it was not you, write to us at once: somebody reads your mail.\n"
            ),
        ),
        Locale::Lt => (
            "Jūsų slaptažodis pakeistas".to_owned(),
            format!(
                "Ką tik pakeistas {name} slaptažodis, visi su juo prisijungę atjungti.\n\nJei tai \
                 padarėte ne jūs, nedelsdami mums parašykite: kažkas skaito jūsų laiškus.\n"
            ),
        ),
        Locale::Ru => (
            "Ваш пароль изменён".to_owned(),
            format!(
                "Пароль {name} только что изменён, и все, кто вошёл с прежним, вышли.\n\nЕсли это были \
                 не вы, сразу напишите нам: кто-то читает вашу почту.\n"
            ),
        ),
    };
    Mail {
        recipient: user.email.clone(),
        subject,
        text,
    }
}
