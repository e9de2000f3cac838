//! Letters about client secrets. None of them holds a secret.

use protocol::locale::Locale;
use store::users::UserRecord;

use super::Mail;

/// What happened to a secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SecretEvent {
    /// There is a new one.
    Added,
    /// One has ended.
    Revoked,
}

impl SecretEvent {
    /// Its word in the audit trail.
    pub fn action(self) -> &'static str {
        match self {
            Self::Added => "client.secret_added",
            Self::Revoked => "client.secret_revoked",
        }
    }
}

/// Which secret, and whose doing it was.
pub(crate) struct AboutSecret<'a> {
    pub app: &'a str,
    pub client: &'a str,
    pub label: &'a str,
    pub by: &'a str,
    pub page: &'a str,
}

/// A secret of the team's app was added or revoked.
pub(crate) fn secret_changed(user: &UserRecord, what: SecretEvent, about: &AboutSecret) -> Mail {
    let AboutSecret {
        app,
        client,
        label,
        by,
        page,
    } = about;
    let (subject, text) = match (user.locale, what) {
        (Locale::En, SecretEvent::Added) => (
            format!("{app} has a new secret"),
            format!(
                "{by} added the secret \"{label}\" to {app} ({client}).\n\nIf nobody in your team meant to, \
                 revoke it here:\n{page}\n"
            ),
        ),
        (Locale::En, SecretEvent::Revoked) => (
            format!("A secret of {app} was revoked"),
            format!(
                "{by} revoked the secret \"{label}\" of {app} ({client}). Requests with it are refused from \
                 now on.\n\nThe secrets that are left:\n{page}\n"
            ),
        ),
        (Locale::Lt, SecretEvent::Added) => (
            format!("„{app}“ turi naują raktą"),
            format!(
                "{by} pridėjo „{app}“ ({client}) raktą „{label}“.\n\nJei niekas iš jūsų komandos to \
                 neketino daryti, atšaukite jį čia:\n{page}\n"
            ),
        ),
        (Locale::Lt, SecretEvent::Revoked) => (
            format!("Atšauktas „{app}“ raktas"),
            format!(
                "{by} atšaukė „{app}“ ({client}) raktą „{label}“. Nuo šiol užklausos su juo \
                 atmetamos.\n\nLikę raktai:\n{page}\n"
            ),
        ),
        (Locale::Ru, SecretEvent::Added) => (
            format!("У приложения {app} новый секрет"),
            format!(
                "{by} добавил(а) секрет «{label}» приложению {app} ({client}).\n\nЕсли никто из вашей \
                 команды этого не хотел, отзовите его здесь:\n{page}\n"
            ),
        ),
        (Locale::Ru, SecretEvent::Revoked) => (
            format!("Секрет приложения {app} отозван"),
            format!(
                "{by} отозвал(а) секрет «{label}» приложения {app} ({client}). Запросы с ним больше не \
                 принимаются.\n\nОставшиеся секреты:\n{page}\n"
            ),
        ),
    };
    Mail {
        recipient: user.email.clone(),
        subject,
        text,
    }
}

/// Another one-time link to the secret of a live client.
pub(crate) fn secret_link(user: &UserRecord, app: &str, link: &str) -> Mail {
    let (subject, text) = match user.locale {
        Locale::En => (
            format!("Your link to the secret of {app}"),
            format!(
                "Open this link to make the secret of {app}. You sign in, and confirm with a code of your \
                 authenticator app:\n{link}\n\nIt works once, for a short time, and earlier links no \
                 longer work.\n"
            ),
        ),
        Locale::Lt => (
            format!("Nuoroda į „{app}“ raktą"),
            format!(
                "Atverkite šią nuorodą, kad sukurtumėte „{app}“ raktą. Reikės prisijungti ir patvirtinti \
                 autentifikavimo programėlės kodu:\n{link}\n\nJi veikia vieną kartą, trumpą laiką, o \
                 ankstesnės nuorodos nebeveikia.\n"
            ),
        ),
        Locale::Ru => (
            format!("Ссылка на секрет приложения {app}"),
            format!(
                "Откройте эту ссылку, чтобы создать секрет приложения {app}. Нужно войти и подтвердить \
                 кодом из приложения для входа:\n{link}\n\nОна действует один раз и недолго; прежние \
                 ссылки больше не действуют.\n"
            ),
        ),
    };
    Mail {
        recipient: user.email.clone(),
        subject,
        text,
    }
}
