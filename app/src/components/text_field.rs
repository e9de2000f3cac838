//! Fields of the portal. Values are never bound: what a person types before the browser's part has
//! started stays.

use leptos::prelude::*;

use super::field::{Labelled, described_by, invalid};
use crate::{i18n::Texts, islands::RevealPassword};

/// What is typed into a field: it decides the attributes that browsers and password managers know.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldKind {
    /// One line of text without a meaning that browsers know.
    Plain,
    /// A mail address.
    Email,
    /// A person's whole name.
    Name,
    /// A person's given names.
    GivenName,
    /// A person's family name.
    FamilyName,
    /// The day a person was born.
    BirthDate,
    /// A town.
    Town,
    /// Street and house.
    Street,
    /// A postal code.
    PostalCode,
    /// A new password.
    NewPassword,
    /// A machine's text: an id, a number of a register. Never corrected.
    Machine,
    /// A moment, to the minute.
    Moment,
    /// Words to look for.
    Search,
    /// A secret of a machine that exists already.
    MachineSecret,
}

impl FieldKind {
    const fn kind(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::NewPassword | Self::MachineSecret => "password",
            Self::Moment => "datetime-local",
            Self::Search => "search",
            Self::BirthDate => "date",
            Self::Plain
            | Self::Name
            | Self::GivenName
            | Self::FamilyName
            | Self::Town
            | Self::Street
            | Self::PostalCode
            | Self::Machine => "text",
        }
    }

    const fn autocomplete(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Name => "name",
            Self::GivenName => "given-name",
            Self::FamilyName => "family-name",
            Self::BirthDate => "bday",
            Self::Town => "address-level2",
            Self::Street => "address-line1",
            Self::PostalCode => "postal-code",
            Self::NewPassword => "new-password",
            Self::Plain | Self::Machine | Self::Moment | Self::Search | Self::MachineSecret => {
                "off"
            }
        }
    }

    const fn inputmode(self) -> Option<&'static str> {
        match self {
            Self::Email => Some("email"),
            Self::Search => Some("search"),
            _ => None,
        }
    }

    const fn spellcheck(self) -> Option<&'static str> {
        match self {
            Self::Name
            | Self::GivenName
            | Self::FamilyName
            | Self::Town
            | Self::Street
            | Self::PostalCode
            | Self::Machine
            | Self::Search => Some("false"),
            _ => None,
        }
    }

    const fn lengths(self) -> (Option<&'static str>, Option<&'static str>) {
        match self {
            Self::NewPassword => (Some("12"), Some("128")),
            _ => (None, None),
        }
    }
}

/// One line of a form.
#[component]
pub fn TextField(
    /// The texts.
    t: Texts,
    /// Name and id.
    name: &'static str,
    /// What is typed.
    kind: FieldKind,
    /// The label.
    label: String,
    /// What helps to fill it in.
    #[prop(optional, into)]
    hint: Option<String>,
    /// As typed before; never of a password.
    #[prop(optional)]
    value: String,
    /// What is wrong with it.
    #[prop(optional_no_strip)]
    error: Option<String>,
    /// Begin typing here.
    #[prop(optional)]
    autofocus: bool,
) -> AnyView {
    let described = described_by(name, hint.is_some(), error.is_some());
    let wrong = error.is_some();
    let (minlength, maxlength) = kind.lengths();
    let class = match kind {
        FieldKind::Machine | FieldKind::MachineSecret => "c-input c-input--machine",
        _ => "c-input",
    };
    let is_password = matches!(kind, FieldKind::NewPassword | FieldKind::MachineSecret);
    let value = (!is_password).then_some(value);
    let reveal = is_password.then(|| {
        view! { <RevealPassword input=name.to_owned() show=t.say("login-show") hide=t.say("login-hide") /> }
    });
    view! {
        <Labelled t id=name label hint error>
            <span class="c-field__row">
                <input
                    class=class
                    id=name
                    type=kind.kind()
                    name=name
                    value=value
                    autocomplete=kind.autocomplete()
                    inputmode=kind.inputmode()
                    spellcheck=kind.spellcheck()
                    minlength=minlength
                    maxlength=maxlength
                    aria-invalid=invalid(wrong)
                    aria-describedby=described
                    autofocus=autofocus
                />
                {reveal}
            </span>
        </Labelled>
    }
    .into_any()
}

/// A box to tick, with its sentence.
#[component]
pub fn Tick(
    /// The texts.
    t: Texts,
    /// Name and id.
    name: &'static str,
    /// The sentence; may hold links.
    label: AnyView,
    /// Whether it was ticked before.
    #[prop(optional)]
    checked: bool,
    /// What is wrong with it.
    #[prop(optional_no_strip)]
    error: Option<String>,
) -> AnyView {
    let described = described_by(name, false, error.is_some());
    let wrong = error.is_some();
    let class = if wrong {
        "c-field c-field--error"
    } else {
        "c-field"
    };
    let error = error.map(|error| {
        view! {
            <p class="c-field__error" id=format!("{name}-error")>
                <span class="l-aside">{t.say("error-prefix")}" "</span>
                {error}
            </p>
        }
    });
    view! {
        <div class=class>
            {error}
            <label class="c-tick">
                <input
                    id=name
                    type="checkbox"
                    name=name
                    value="yes"
                    checked=checked
                    aria-invalid=invalid(wrong)
                    aria-describedby=described
                />
                <span>{label}</span>
            </label>
        </div>
    }
    .into_any()
}
