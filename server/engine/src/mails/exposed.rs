//! The letter about a secret that came through a browser. It does not hold the secret.

use protocol::locale::Locale;
use store::users::UserRecord;

use super::Mail;

/// Which secret.
pub(crate) struct Exposed<'a> {
    pub app: &'a str,
    pub client: &'a str,
    pub label: &'a str,
    /// Where a new one is made; none for clients that are in no team's hands.
    pub page: Option<&'a str>,
}

/// A secret of the reader's app was sent through a browser, and ended.
pub(crate) fn secret_exposed(user: &UserRecord, about: &Exposed) -> Mail {
    let Exposed {
        app,
        client,
        label,
        page,
    } = about;
    let (subject, text, way) = match user.locale {
        Locale::En => (
            format!("A secret of {app} was exposed and has ended"),
            format!(
                "A browser came to us with the secret \"{label}\" of {app} ({client}) in its address. What \
                 stands there is kept by histories, logs and other websites, so we count it as published: \
                 requests with it are refused from now on.\n\nTake client_secret out of your authorize \
                 requests, and send a new one from your server to the token endpoint only.\n"
            ),
            "Make a new secret here:",
        ),
        Locale::Lt => (
            format!("„{app}“ raktas atskleistas ir nebegalioja"),
            format!(
                "Naršyklė kreipėsi į mus adresu, kuriame buvo „{app}“ ({client}) raktas „{label}“. Tai, kas \
                 ten įrašyta, lieka istorijose, žurnaluose ir kitose svetainėse, todėl laikome jį paskelbtu: \
                 užklausos su juo nuo šiol atmetamos.\n\nIšimkite client_secret iš autorizavimo užklausų, o \
                 naują raktą siųskite tik iš savo serverio į prieigos raktų adresą.\n"
            ),
            "Naują raktą sukursite čia:",
        ),
        Locale::Ru => (
            format!("Секрет приложения {app} раскрыт и больше не действует"),
            format!(
                "Браузер пришёл к нам по адресу, в котором стоял секрет «{label}» приложения {app} \
                 ({client}). Такой адрес остаётся в истории, журналах и на других сайтах, поэтому мы считаем \
                 секрет опубликованным: запросы с ним больше не принимаются.\n\nУберите client_secret из \
                 запросов авторизации, а новый отправляйте только со своего сервера на адрес выдачи токенов.\n"
            ),
            "Создать новый секрет:",
        ),
    };
    let way = page.map_or_else(String::new, |page| format!("\n{way}\n{page}\n"));
    Mail {
        recipient: user.email.clone(),
        subject,
        text: text + &way,
    }
}
