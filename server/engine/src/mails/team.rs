//! Letters about teams.

use protocol::locale::Locale;
use store::users::UserRecord;

use super::Mail;

/// Somebody is invited to a team; in the language of whoever invites, for the other one is not known.
pub(crate) fn invited(email: &str, by: &UserRecord, team: &str, link: &str) -> Mail {
    let name = &by.display_name;
    let (subject, text) = match by.locale {
        Locale::En => (
            format!("{name} invites you to the team {team}"),
            format!(
                "{name} invites you to the team {team} in the developer portal of Countersign. Open this \
                 link within seven days and sign in with this address:\n{link}\n\nNo account yet? Sign up \
                 with this address first, then open the link again. If you do not know {name}, do \
                 nothing.\n"
            ),
        ),
        Locale::Lt => (
            format!("{name} kviečia jus į komandą {team}"),
            format!(
                "{name} kviečia jus į komandą {team} „Countersign“ kūrėjų portale. Per septynias dienas \
                 atverkite šią nuorodą ir prisijunkite šiuo adresu:\n{link}\n\nDar neturite paskyros? \
                 Pirmiausia užsiregistruokite šiuo adresu, tada vėl atverkite nuorodą. Jei {name} \
                 nepažįstate, nieko nedarykite.\n"
            ),
        ),
        Locale::Ru => (
            format!("{name} приглашает вас в команду {team}"),
            format!(
                "{name} приглашает вас в команду {team} на портале разработчиков Countersign. Откройте эту \
                 ссылку в течение семи дней и войдите с этим адресом:\n{link}\n\nНет учётной записи? \
                 Сначала зарегистрируйтесь с этим адресом, затем снова откройте ссылку. Если вы не \
                 знаете, кто это, ничего не делайте.\n"
            ),
        ),
    };
    Mail {
        recipient: Some(email.to_owned()),
        subject,
        text,
    }
}
