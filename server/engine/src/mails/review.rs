//! Letters of the review desk to the developer whose app it is about.

use protocol::{
    client::Client,
    ids::ClientId,
    locale::Locale,
    registration::review::{Reason, SuspendMode},
};
use store::users::UserRecord;

use super::Mail;

/// The bank asks for changes; what they are stands on the pages of the registration.
pub(crate) fn changes_requested(user: &UserRecord, app: &str, count: usize, page: &str) -> Mail {
    let (subject, text) = match user.locale {
        Locale::En => (
            format!("{app}: please change something"),
            format!(
                "We looked at {app}. Before we can let it in, something must change (fields: \
                 {count}). Our words stand beside each field:\n{page}\n\nChange it and send it \
                 again.\n"
            ),
        ),
        Locale::Lt => (
            format!("„{app}“: prašome pataisyti"),
            format!(
                "Peržiūrėjome „{app}“. Kad galėtume ją įleisti, reikia pataisymų (laukų: {count}). \
                 Mūsų pastabos yra prie laukų:\n{page}\n\nPataisykite ir išsiųskite dar kartą.\n"
            ),
        ),
        Locale::Ru => (
            format!("{app}: нужны исправления"),
            format!(
                "Мы рассмотрели {app}. Чтобы допустить приложение, нужны исправления (полей: \
                 {count}). Наши замечания стоят у полей:\n{page}\n\nИсправьте и отправьте ещё \
                 раз.\n"
            ),
        ),
    };
    to(user, subject, text)
}

/// The app is let in: its client id, the link that shows the secret once, and where a partner asks for
/// tokens.
pub(crate) fn approved(
    user: &UserRecord,
    app: &str,
    client: &ClientId,
    link: &str,
    addresses: &[String],
) -> Mail {
    let (subject, text) = match user.locale {
        Locale::En => (
            format!("{app} is approved"),
            format!(
                "{app} may now work with real money.\n\nClient id: {client}\n\nThe secret is not in \
                 this letter. Open this link within 24 hours, sign in and confirm with your code; it \
                 is shown once:\n{link}\n"
            ),
        ),
        Locale::Lt => (
            format!("„{app}“ patvirtinta"),
            format!(
                "„{app}“ nuo šiol gali dirbti su tikrais pinigais.\n\nKliento id: {client}\n\nRakto \
                 šiame laiške nėra. Per 24 valandas atverkite šią nuorodą, prisijunkite ir \
                 patvirtinkite kodu; raktas parodomas vieną kartą:\n{link}\n"
            ),
        ),
        Locale::Ru => (
            format!("Приложение {app} одобрено"),
            format!(
                "{app} теперь может работать с настоящими деньгами.\n\nClient id: {client}\n\n\
                 Секрета в этом письме нет. В течение 24 часов откройте ссылку, войдите и подтвердите \
                 кодом; секрет показывается один раз:\n{link}\n"
            ),
        ),
    };
    to(user, subject, with_addresses(user.locale, text, addresses))
}

/// A change of an app that is in already was let in. Its credentials stay.
pub(crate) fn change_approved(
    user: &UserRecord,
    app: &str,
    client: &ClientId,
    addresses: &[String],
) -> Mail {
    let (subject, text) = match user.locale {
        Locale::En => (
            format!("The change of {app} is approved"),
            format!(
                "What you changed on {app} is in force.\n\nClient id: {client}\n\nIts secrets are as \
                 they were.\n"
            ),
        ),
        Locale::Lt => (
            format!("„{app}“ pakeitimas patvirtintas"),
            format!(
                "Jūsų „{app}“ pakeitimai įsigaliojo.\n\nKliento id: {client}\n\nRaktai liko tie \
                 patys.\n"
            ),
        ),
        Locale::Ru => (
            format!("Изменение приложения {app} одобрено"),
            format!(
                "Ваши изменения {app} вступили в силу.\n\nClient id: {client}\n\nСекреты остались \
                 прежними.\n"
            ),
        ),
    };
    to(user, subject, with_addresses(user.locale, text, addresses))
}

/// The app is not let in.
pub(crate) fn rejected(user: &UserRecord, app: &str, reason: &Reason) -> Mail {
    let reason = reason.as_str();
    let (subject, text) = match user.locale {
        Locale::En => (
            format!("{app} is not approved"),
            format!(
                "We cannot let {app} work with real money. Why:\n\n{reason}\n\nThe sandbox stays open. If \
                 you think that we are wrong, answer this letter: somebody else will look at it.\n"
            ),
        ),
        Locale::Lt => (
            format!("„{app}“ nepatvirtinta"),
            format!(
                "Negalime leisti „{app}“ dirbti su tikrais pinigais. Kodėl:\n\n{reason}\n\nBandomoji \
                 aplinka lieka atvira. Jei manote, kad klystame, atsakykite į šį laišką – pažiūrės kitas \
                 žmogus.\n"
            ),
        ),
        Locale::Ru => (
            format!("Приложение {app} не одобрено"),
            format!(
                "Мы не можем допустить {app} к настоящим деньгам. Почему:\n\n{reason}\n\nПесочница \
                 остаётся открытой. Если вы считаете, что мы ошиблись, ответьте на это письмо: его \
                 рассмотрит другой человек.\n"
            ),
        ),
    };
    to(user, subject, text)
}

/// The app was switched off. `page` is where its team sees it, if it has one.
pub(crate) fn suspended(
    user: &UserRecord,
    client: &Client,
    mode: SuspendMode,
    reason: &Reason,
    page: Option<&str>,
) -> Mail {
    let (app, id, reason) = (&client.name, &client.id, reason.as_str());
    let kept = match (user.locale, mode) {
        (Locale::En, SuspendMode::Pause) => {
            "What people allowed is kept; it works again when we resume the app."
        }
        (Locale::En, SuspendMode::End) => "Everything that people allowed has ended.",
        (Locale::Lt, SuspendMode::Pause) => {
            "Žmonių leidimai lieka ir vėl veiks, kai programėlę įjungsime."
        }
        (Locale::Lt, SuspendMode::End) => "Visi žmonių leidimai nutraukti.",
        (Locale::Ru, SuspendMode::Pause) => {
            "Разрешения людей сохранены и снова заработают, когда мы включим приложение."
        }
        (Locale::Ru, SuspendMode::End) => "Все разрешения людей прекращены.",
    };
    let (subject, text) = match user.locale {
        Locale::En => (
            format!("{app} is switched off"),
            format!(
                "We switched off {app}; its tokens are refused.\n\nClient id: {id}\n\nWhy:\n\n\
                 {reason}\n\n{kept}\n"
            ),
        ),
        Locale::Lt => (
            format!("„{app}“ išjungta"),
            format!(
                "Išjungėme „{app}“; jos raktai nebepriimami.\n\nKliento id: {id}\n\nKodėl:\n\n\
                 {reason}\n\n{kept}\n"
            ),
        ),
        Locale::Ru => (
            format!("Приложение {app} выключено"),
            format!(
                "Мы выключили {app}; его токены не принимаются.\n\nClient id: {id}\n\nПочему:\n\n\
                 {reason}\n\n{kept}\n"
            ),
        ),
    };
    to(user, subject, with_page(text, page))
}

/// The app was switched on again.
pub(crate) fn resumed(
    user: &UserRecord,
    client: &Client,
    reason: &Reason,
    page: Option<&str>,
) -> Mail {
    let (app, id, reason) = (&client.name, &client.id, reason.as_str());
    let (subject, text) = match user.locale {
        Locale::En => (
            format!("{app} is switched on again"),
            format!(
                "{app} may work again. Its credentials are as they were.\n\nClient id: {id}\n\n\
                 Why:\n\n{reason}\n"
            ),
        ),
        Locale::Lt => (
            format!("„{app}“ vėl įjungta"),
            format!(
                "„{app}“ vėl gali dirbti. Prisijungimo duomenys liko tie patys.\n\nKliento id: \
                 {id}\n\nKodėl:\n\n{reason}\n"
            ),
        ),
        Locale::Ru => (
            format!("Приложение {app} снова включено"),
            format!(
                "{app} снова может работать. Учётные данные остались прежними.\n\nClient id: \
                 {id}\n\nПочему:\n\n{reason}\n"
            ),
        ),
    };
    to(user, subject, with_page(text, page))
}

/// And where a partner of PhonePe and Pincode asks for tokens, if the app is one.
fn with_addresses(locale: Locale, text: String, addresses: &[String]) -> String {
    if addresses.is_empty() {
        return text;
    }
    let lead = match locale {
        Locale::En => {
            "Ask for O-Bearer tokens by POST, with the client id and the secret in the body. Times are in \
             milliseconds at the first address, which also gives refresh tokens, and in seconds at the \
             others:"
        }
        Locale::Lt => {
            "O-Bearer prieigos raktų prašykite POST užklausa, kliento id ir raktą siųsdami jos turinyje. \
             Pirmuoju adresu laikas yra milisekundėmis ir duodami atnaujinimo raktai, kitais – sekundėmis:"
        }
        Locale::Ru => {
            "Токены O-Bearer запрашивайте методом POST, передавая client id и секрет в теле запроса. По \
             первому адресу время указано в миллисекундах и выдаются токены обновления, по остальным – в \
             секундах:"
        }
    };
    format!("{text}\n{lead}\n{}\n", addresses.join("\n"))
}

fn with_page(text: String, page: Option<&str>) -> String {
    match page {
        Some(page) => format!("{text}\n{page}\n"),
        None => text,
    }
}

fn to(user: &UserRecord, subject: String, text: String) -> Mail {
    Mail {
        recipient: user.email.clone(),
        subject,
        text,
    }
}
