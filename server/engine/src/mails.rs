//! Letters to people, in their language. Short, no links that ask for a password.

mod exposed;
mod portal;
pub(crate) mod review;
mod secrets;
mod team;

use protocol::{ids::MailId, locale::Locale, time::Timestamp};
use store::{outbox::MailRecord, users::UserRecord};

use crate::{Engine, error::Result};

pub(crate) use exposed::{Exposed, secret_exposed};
pub(crate) use portal::{
    already_known, confirm_address, new_password, password_changed, security_changed,
};
pub(crate) use secrets::{AboutSecret, SecretEvent, secret_changed, secret_link};
pub(crate) use team::invited;

/// For how long a letter is kept.
const KEPT: std::time::Duration = std::time::Duration::from_secs(90 * 24 * 3600);

/// One letter, before it has an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The address; nobody is told when a person has none.
    pub recipient: Option<String>,
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

/// Signing in was paused after too many misses (RTS article 4(4), OWASP ASVS 6.3.5).
pub fn sign_in_paused(user: &UserRecord, until: Timestamp) -> Mail {
    let time = user.locale.clock_time(until);
    let name = &user.username;
    let (subject, text) = match user.locale {
        Locale::En => (
            "Signing in is paused".to_owned(),
            format!(
                "Somebody entered wrong details for {name} several times, so we paused signing in from \
                 unknown browsers until {time} (UTC).\n\nIf it was you, wait and try again. If it was \
                 not, nobody got in; change your password if you use it elsewhere too.\n"
            ),
        ),
        Locale::Lt => (
            "Prisijungimas pristabdytas".to_owned(),
            format!(
                "Kažkas kelis kartus įvedė neteisingus {name} prisijungimo duomenis, todėl iki {time} \
                 (UTC) pristabdėme prisijungimą iš nepažįstamų naršyklių.\n\nJei tai buvote jūs, \
                 palaukite ir bandykite dar kartą. Jei ne – niekas neprisijungė; pakeiskite slaptažodį, \
                 jei jį naudojate ir kitur.\n"
            ),
        ),
        Locale::Ru => (
            "Вход приостановлен".to_owned(),
            format!(
                "Кто-то несколько раз ввёл неверные данные для входа {name}, поэтому до {time} (UTC) мы \
                 приостановили вход из незнакомых браузеров.\n\nЕсли это были вы, подождите и попробуйте \
                 снова. Если нет, никто не вошёл; смените пароль, если используете его и в других местах.\n"
            ),
        ),
    };
    Mail {
        recipient: user.email.clone(),
        subject,
        text,
    }
}

/// A refresh token was used twice outside its window: the app's access was ended (RFC 9700 §4.14.2).
pub fn access_ended_for_safety(user: &UserRecord, app: &str) -> Mail {
    let (subject, text) = match user.locale {
        Locale::En => (
            format!("We ended the access of {app}"),
            format!(
                "An old key of {app} was used a second time. That can mean that somebody copied it, so \
                 we ended this access of {app} to your account. No money moved because of it.\n\nYou can \
                 connect {app} again whenever you want.\n"
            ),
        ),
        Locale::Lt => (
            format!("Nutraukėme „{app}“ prieigą"),
            format!(
                "Senas „{app}“ raktas panaudotas antrą kartą. Tai gali reikšti, kad kažkas jį nukopijavo, \
                 todėl šią „{app}“ prieigą prie jūsų sąskaitos nutraukėme. Pinigai dėl to nejudėjo.\n\n\
                 „{app}“ galite vėl prijungti kada panorėję.\n"
            ),
        ),
        Locale::Ru => (
            format!("Мы прекратили доступ приложения {app}"),
            format!(
                "Старый ключ приложения {app} был использован повторно. Возможно, кто-то его скопировал, \
                 поэтому мы прекратили этот доступ {app} к вашему счёту. Деньги из-за этого не \
                 переводились.\n\nВы можете снова подключить {app} в любой момент.\n"
            ),
        ),
    };
    Mail {
        recipient: user.email.clone(),
        subject,
        text,
    }
}

/// The same for the app's developer.
pub fn token_reuse(developer: &UserRecord, app: &str, at: Timestamp) -> Mail {
    Mail {
        recipient: developer.email.clone(),
        subject: format!("A refresh token of {app} was used twice"),
        text: format!(
            "At {at} a refresh token of {app} that had been rotated was presented again after the grace \
             window. We revoked its whole family. If this was your own code, make sure that only one \
             request refreshes at a time and that the newest refresh token is kept.\n"
        ),
    }
}

impl Engine {
    /// Puts a letter into the outbox in a transaction of its own.
    pub(crate) async fn tell(&self, mail: Mail) -> Result<()> {
        let Some(record) = self.letter(mail) else {
            return Ok(());
        };
        self.env
            .store
            .write(move |tx| {
                Box::pin(async move { Ok(store::outbox::insert_mail(tx, &record).await?) })
            })
            .await
    }

    /// The outbox row of a letter; none when there is nobody to write to.
    pub(crate) fn letter(&self, mail: Mail) -> Option<MailRecord> {
        let now = self.env.now();
        Some(MailRecord {
            id: MailId::new(self.env.id()),
            recipient: mail.recipient?,
            subject: mail.subject,
            body_text: mail.text,
            body_html: None,
            created_at: now,
            attempts: 0,
            next_attempt_at: now,
            sent_at: None,
            last_error: None,
            expires_at: now + KEPT,
        })
    }
}
