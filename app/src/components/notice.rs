use leptos::prelude::*;
use protocol::authorization::Notice;

use super::{Icon, Shape, clock_time};
use crate::i18n::Texts;

/// Where a notice is told; the same fact has other words on other pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Name and password.
    LogIn,
    /// Permissions and accounts.
    Consent,
    /// The authenticator app's code.
    Code {
        /// A payment is confirmed.
        pays: bool,
    },
    /// A recovery code.
    Recovery {
        /// A payment is confirmed.
        pays: bool,
    },
    /// What the person tells about themselves.
    Details,
    /// The payer's account.
    PayFrom,
}

/// A notice in words: something to mend, or something to know.
pub enum Top {
    /// To be mended: the summary takes the focus and the title says so.
    Trouble(Trouble),
    /// To be known; nothing went wrong.
    Note(String),
}

/// What is to be mended.
pub struct Trouble {
    /// What to do. The field says the same.
    pub sentence: String,
    /// The sentence as shown, with times marked as times.
    shown: Vec<AnyView>,
    /// More to know: tries left, what did not happen.
    pub more: Vec<String>,
    /// The id of the field it is about.
    pub field: Option<String>,
    /// More fields to mend, by their ids.
    pub others: Vec<(String, String)>,
    /// Show the usual causes of codes that do not match.
    pub help: bool,
}

impl Trouble {
    fn about(field: Option<&str>, sentence: String) -> Self {
        let shown = vec![sentence.clone().into_any()];
        Self {
            sentence,
            shown,
            more: Vec::new(),
            field: field.map(str::to_owned),
            others: Vec::new(),
            help: false,
        }
    }
}

impl Top {
    /// The words of `notice` at `place`.
    pub fn of(t: Texts, notice: &Notice, place: Place) -> Self {
        let pays = matches!(
            place,
            Place::PayFrom | Place::Code { pays: true } | Place::Recovery { pays: true }
        );
        let trouble = match notice {
            Notice::SendAgain => return Self::Note(t.say("notice-send_again")),
            Notice::AlreadyDone => return Self::Note(t.say("notice-already_done")),
            Notice::WrongDetails { tries_left } => {
                let mut trouble = Trouble::about(Some("username"), t.say("notice-wrong_details"));
                trouble.more.extend(tries(t, *tries_left));
                trouble
            }
            Notice::WrongCode { help, tries_left } => {
                let (field, key) = match place {
                    Place::Recovery { .. } => ("recovery_code", "notice-wrong_recovery"),
                    _ => ("code", "notice-wrong_code"),
                };
                let mut trouble = Trouble::about(Some(field), t.say(key));
                trouble.more.extend(tries(t, *tries_left));
                trouble.more.extend(pays.then(|| t.say("notice-no-money")));
                trouble.help = *help && matches!(place, Place::Code { .. });
                trouble
            }
            Notice::Paused { until } => {
                let key = if place == Place::LogIn {
                    "notice-paused-login"
                } else {
                    "notice-paused-code"
                };
                let time = t.with("utc", &[("time", t.locale().clock_time(*until).into())]);
                let mut trouble = Trouble::about(None, t.with(key, &[("time", time.into())]));
                trouble.shown = t.rich(key, [("time", clock_time(t, *until))]);
                trouble
            }
            Notice::ChooseAccount if place == Place::PayFrom => {
                Trouble::about(Some("accounts"), t.say("notice-choose_payer"))
            }
            Notice::ChooseAccount => {
                Trouble::about(Some("accounts"), t.say("notice-choose_account"))
            }
            Notice::TooLittleMoney => {
                Trouble::about(Some("accounts"), t.say("notice-too_little_money"))
            }
            Notice::Missing { field } => missing(t, field),
            Notice::Mend { fields } => mend(t, fields),
        };
        Self::Trouble(trouble)
    }

    /// What is to be mended, if anything.
    pub fn trouble(&self) -> Option<&Trouble> {
        match self {
            Self::Trouble(trouble) => Some(trouble),
            Self::Note(_) => None,
        }
    }

    /// The sentence for the field with this id, if it is about that one.
    pub fn error_of(top: Option<&Self>, id: &str) -> Option<String> {
        let trouble = top?.trouble()?;
        if trouble.field.as_deref() == Some(id) {
            return Some(trouble.sentence.clone());
        }
        let mut others = trouble.others.iter();
        others.find_map(|(field, sentence)| (field == id).then(|| sentence.clone()))
    }
}

fn tries(t: Texts, left: Option<u32>) -> Option<String> {
    left.map(|left| t.with("notice-tries_left", &[("tries", left.into())]))
}

/// A field that was left empty, by its name in the form.
fn missing(t: Texts, field: &str) -> Trouble {
    let (id, sentence) = match field {
        "username" => (Some("username"), t.say("notice-missing-username")),
        "password" => (Some("password"), t.say("notice-missing-password")),
        "code" => (Some("code"), t.say("notice-missing-code")),
        "recovery_code" => (Some("recovery_code"), t.say("notice-missing-recovery_code")),
        "account" => (Some("accounts"), t.say("notice-choose_account")),
        _ => (None, t.say("notice-missing-other")),
    };
    Trouble::about(id, sentence)
}

/// Fields that are to be mended, each with its sentence.
fn mend(t: Texts, fields: &[String]) -> Trouble {
    let sentence = |field: &str| t.say(&format!("details-mend-{field}"));
    let Some((first, others)) = fields.split_first() else {
        return Trouble::about(None, t.say("notice-missing-other"));
    };
    let mut trouble = Trouble::about(Some(first), sentence(first));
    let others = others.iter().map(|field| (field.clone(), sentence(field)));
    trouble.others = others.collect();
    trouble
}

/// The notice on top of the sheet.
#[component]
pub fn NoticeBox(
    /// The texts.
    t: Texts,
    /// What is told.
    top: Top,
) -> AnyView {
    let trouble = match top {
        Top::Note(sentence) => {
            return view! {
                <div class="l-block">
                    <div class="l-block__body">
                        <div class="c-notice" role="status">
                            <Icon shape=Shape::Info />
                            <p>
                                <span class="c-notice__word">{t.say("note")}": "</span>
                                {sentence}
                            </p>
                        </div>
                    </div>
                </div>
            }
            .into_any();
        }
        Top::Trouble(trouble) => trouble,
    };
    let sentence = match trouble.field {
        Some(field) => view! { <a href=format!("#{field}")>{trouble.shown}</a> }.into_any(),
        None => view! { <strong>{trouble.shown}</strong> }.into_any(),
    };
    let help = trouble.help.then(|| {
        view! {
            <p>{t.say("code-help")}":"</p>
            <ul>
                <li>{t.say("code-help-newest")}</li>
                <li>{t.say("code-help-once")}</li>
                <li>{t.say("code-help-clock")}</li>
                <li>{t.say("code-help-account")}</li>
            </ul>
        }
    });
    view! {
        <div class="l-block">
            <div class="l-block__body">
                <div class="c-summary" role="alert" tabindex="-1" autofocus=true aria-labelledby="summary-title">
                    <h2 class="c-summary__title" id="summary-title">
                        <Icon shape=Shape::Warning />
                        {t.say("summary-title")}
                    </h2>
                    <p>{sentence}</p>
                    {trouble
                        .others
                        .into_iter()
                        .map(|(field, sentence)| {
                            view! { <p><a href=format!("#{field}")>{sentence}</a></p> }
                        })
                        .collect_view()}
                    {trouble.more.into_iter().map(|more| view! { <p>{more}</p> }).collect_view()}
                    {help}
                </div>
            </div>
        </div>
    }
    .into_any()
}
