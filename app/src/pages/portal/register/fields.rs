//! The fields of a task's form, by the names that `protocol` reads.

use engine::portal::{Flash, TaskView};
use leptos::prelude::*;
use protocol::{
    registration::{Audience, Fault, Field, LicenceKind, Register, Speech, licence::licences_for},
    scope::{Permission, ScopeToken},
};

use crate::{
    components::{countries, described_by, escaped, invalid, permission_key},
    i18n::{FluentValue, Texts},
};

/// One form as it is shown: what is saved, or what was typed when it was not taken.
#[derive(Clone)]
pub(super) struct Shown<'v> {
    pub t: Texts,
    pub view: &'v TaskView,
    pub flash: &'v Flash,
}

/// The note of a form that was not saved because a colleague was faster.
const CONFLICT: &str = "register-conflict";

/// What is wrong, in words.
pub(super) fn fault_words(t: Texts, fault: &Fault) -> Vec<AnyView> {
    let variables = fault.variables();
    let values: Vec<(&str, FluentValue<'_>)> = variables
        .iter()
        .map(|(name, value)| (*name, value.as_str().into()))
        .collect();
    t.prose(fault.kind.key(), &values)
}

/// The id of the control that a fault is about.
pub(super) fn id_of(field: Field, row: Option<usize>) -> String {
    match row {
        Some(row) if field == Field::RedirectUri => format!("{field}-{}", row + 1),
        _ => field.to_string(),
    }
}

impl Shown<'_> {
    /// What stands in a field.
    pub fn value(&self, field: Field) -> String {
        match self.flash.typed.is_empty() {
            true => self.view.value(field),
            false => self.flash.typed.get(field.as_str()).to_owned(),
        }
    }

    fn faults(&self, field: Field) -> impl Iterator<Item = &Fault> {
        let faults = self.flash.faults.iter();
        faults.filter(move |fault| fault.field == field)
    }

    /// One field with its label, its hint, what is wrong with it and what the reviewer says.
    pub fn field(&self, field: Field) -> AnyView {
        if field == Field::Scope {
            return self.scopes();
        }
        if field == Field::RedirectUri {
            return self.rows();
        }
        let t = self.t;
        let id = field.as_str();
        let faults: Vec<Vec<AnyView>> = self
            .faults(field)
            .map(|fault| fault_words(t, fault))
            .collect();
        let wrong = !faults.is_empty();
        let optional = is_optional(field).then(|| format!(" {}", t.say("register-optional")));
        let class = match wrong {
            true => "c-field c-field--error",
            false => "c-field",
        };
        let control = self.control(field, described_by(id, true, wrong), invalid(wrong));
        view! {
            <div class=class>
                <label class="c-field__label" for=id>
                    {t.say(&format!("field-{field}"))}
                    {optional}
                </label>
                <p class="c-field__hint" id=format!("{id}-hint")>{t.prose(&format!("hint-{field}"), &[])}</p>
                {self.asked(field)}
                {self.theirs(field)}
                {wrong.then(|| said(t, id, faults))}
                <span class="c-field__row">{control}</span>
            </div>
        }
        .into_any()
    }

    fn control(
        &self,
        field: Field,
        described: Option<String>,
        invalid: Option<&'static str>,
    ) -> AnyView {
        let id = field.as_str();
        let value = self.value(field);
        let closed = !self.view.is_open();
        if let Some(choices) = choices(self.t, field) {
            let t = self.t;
            let option = |(word, words): (&'static str, String)| {
                let chosen = word == value;
                view! { <option value=word selected=chosen>{words}</option> }
            };
            let options = choices.into_iter().map(option).collect_view();
            // What most apps need is chosen already.
            let unchosen = (field != Field::Speech)
                .then(|| view! { <option value="">{t.say("register-choose")}</option> });
            return view! {
                <select class="c-input" id=id name=id aria-describedby=described aria-invalid=invalid disabled=closed>
                    {unchosen}
                    {options}
                </select>
            }
            .into_any();
        }
        if matches!(field, Field::Description | Field::SharedWith)
            || matches!(
                field,
                Field::PurposeEn | Field::PurposeLt | Field::PurposeRu
            )
        {
            // Not a child: an empty one would become a blank, and a line of its own a line break.
            return view! {
                <textarea
                    class="c-input"
                    id=id
                    name=id
                    rows="3"
                    aria-describedby=described
                    aria-invalid=invalid
                    readonly=closed
                    inner_html=escaped(&value)
                ></textarea>
            }
            .into_any();
        }
        let (kind, mode) = match field {
            Field::SecurityContact | Field::ComplaintsMail => ("email", "email"),
            Field::Phone => ("tel", "tel"),
            Field::Website | Field::PrivacyUrl | Field::TermsUrl => ("text", "url"),
            _ => ("text", "text"),
        };
        view! {
            <input
                class="c-input"
                id=id
                name=id
                type=kind
                inputmode=mode
                value=value
                autocomplete=autocomplete(field)
                spellcheck="false"
                aria-describedby=described
                aria-invalid=invalid
                readonly=closed
            />
        }
        .into_any()
    }

    /// The permissions, each with what people will read and the licence that it needs.
    fn scopes(&self) -> AnyView {
        let t = self.t;
        let value = self.value(Field::Scope);
        let ticked: Vec<&str> = value.lines().collect();
        let closed = !self.view.is_open();
        let faults: Vec<Vec<AnyView>> = self
            .faults(Field::Scope)
            .map(|fault| fault_words(t, fault))
            .collect();
        let wrong = !faults.is_empty();
        let held = self.view.licence;
        let boxes = Permission::OFFERED.iter().enumerate().filter_map(|(at, word)| {
            let permission = Permission::of(&ScopeToken::parse(word).ok()?)?;
            // The first box has the name as its id: the summary leads to it.
            let id = if at == 0 { "scope".to_owned() } else { format!("scope-{word}") };
            let read = permission.clusters().iter().map(|cluster| {
                view! { <li>{t.say(&permission_key(cluster.key()))}</li> }
            });
            Some(view! {
                <li class="d-card">
                    <label class="c-tick">
                        <input id=id type="checkbox" name="scope" value=*word checked=ticked.contains(word) disabled=closed />
                        <span><code class="c-code" translate="no">{*word}</code></span>
                    </label>
                    <p>{t.say("register-scope-read")}</p>
                    <ul>{read.collect_view()}</ul>
                    {licence_of(t, &permission, held)}
                </li>
            })
        });
        let boxes = boxes.collect_view();
        view! {
            <fieldset class="d-choices">
                <legend class="c-field__label">{t.say("field-scope")}</legend>
                <p class="c-field__hint">{t.say("hint-scope")}</p>
                {self.asked(Field::Scope)}
                {self.theirs(Field::Scope)}
                {wrong.then(|| said(t, "scope", faults))}
                <ul role="list" class="d-cards">{boxes}</ul>
            </fieldset>
        }
        .into_any()
    }

    /// The callback addresses, one a row, and a button for one more.
    fn rows(&self) -> AnyView {
        let t = self.t;
        let value = self.value(Field::RedirectUri);
        let rows: Vec<&str> = value.split('\n').collect();
        let closed = !self.view.is_open();
        let row = |(at, text): (usize, &str)| {
            let id = id_of(Field::RedirectUri, Some(at));
            let faults: Vec<Vec<AnyView>> = self
                .faults(Field::RedirectUri)
                .filter(|fault| fault.row.unwrap_or(0) == at)
                .map(|fault| fault_words(t, fault))
                .collect();
            let wrong = !faults.is_empty();
            let class = match wrong {
                true => "c-field c-field--error",
                false => "c-field",
            };
            let error = wrong.then(|| said(t, &id, faults));
            let label_for = id.clone();
            let described = wrong.then(|| format!("{id}-error"));
            view! {
                <div class=class>
                    <label class="c-field__label" for=label_for>
                        {t.with("register-row", &[("row", (at + 1).into())])}
                    </label>
                    {error}
                    <span class="c-field__row">
                        <input
                            class="c-input c-input--machine"
                            id=id
                            name="redirect_uri"
                            type="text"
                            inputmode="url"
                            value=text.to_owned()
                            autocomplete="off"
                            autocapitalize="none"
                            spellcheck="false"
                            aria-describedby=described
                            aria-invalid=invalid(wrong)
                            readonly=closed
                        />
                    </span>
                </div>
            }
        };
        let rows = rows.into_iter().enumerate().map(row).collect_view();
        view! {
            <fieldset class="d-choices" id="redirect_uri">
                <legend class="c-field__label">{t.say("field-redirect_uri")}</legend>
                <p class="c-field__hint">{t.prose("hint-redirect_uri", &[])}</p>
                <p class="c-field__hint">{t.say("register-row-hint")}</p>
                {self.asked(Field::RedirectUri)}
                {self.theirs(Field::RedirectUri)}
                {rows}
            </fieldset>
        }
        .into_any()
    }

    /// What the reviewer asks for, on the very field.
    fn asked(&self, field: Field) -> Option<AnyView> {
        let (_, change) = self.view.changes.iter().find(|(of, _)| *of == field)?;
        Some(super::status::asked(self.t, change))
    }

    /// What a colleague saved meanwhile, where it is something else than what was typed.
    fn theirs(&self, field: Field) -> Option<AnyView> {
        let theirs = self.view.value(field);
        let differs = self.value(field) != theirs;
        let is_conflict = self.flash.note.as_deref() == Some(CONFLICT);
        if !is_conflict || !differs {
            return None;
        }
        let words = match theirs.is_empty() {
            true => vec![self.t.say("register-theirs-empty").into_any()],
            false => self.t.rich(
                "register-theirs",
                [(
                    "value",
                    view! { <bdi class="d-theirs">{theirs}</bdi> }.into_any(),
                )],
            ),
        };
        Some(view! { <p class="d-remark">{words}</p> }.into_any())
    }
}

/// The sentences on what is wrong with a field.
fn said(t: Texts, id: &str, faults: Vec<Vec<AnyView>>) -> AnyView {
    let lines = faults.into_iter().map(|words| {
        view! {
            <span>
                <span class="l-aside">{t.say("error-prefix")} " "</span>
                {words}
            </span>
        }
    });
    view! {
        <p class="c-field__error" id=format!("{id}-error")>
            {lines.collect_view()}
        </p>
    }
    .into_any()
}

/// Which licence a permission needs, and whether it is there.
fn licence_of(t: Texts, permission: &Permission, held: LicenceKind) -> AnyView {
    let needed = licences_for(permission);
    if needed.is_empty() {
        return view! { <p class="c-note">{t.say("register-scope-free")}</p> }.into_any();
    }
    let names = needed
        .iter()
        .map(|kind| view! { <li>{t.say(&format!("choice-{kind}"))}</li> });
    let missing = (!needed.contains(&held))
        .then(|| view! { <p class="d-remark">{t.say("register-scope-missing")}</p> });
    view! {
        <p class="c-note">{t.say("register-scope-licence")}</p>
        <ul class="c-note">{names.collect_view()}</ul>
        {missing}
    }
    .into_any()
}

/// The words of a field that is chosen from a list, with what they are called.
fn choices(t: Texts, field: Field) -> Option<Vec<(&'static str, String)>> {
    let words: Vec<&'static str> = match field {
        Field::Register => Register::ALL.iter().map(|word| word.as_str()).collect(),
        Field::Licence => LicenceKind::ALL.iter().map(|word| word.as_str()).collect(),
        Field::Audience => Audience::ALL.iter().map(|word| word.as_str()).collect(),
        Field::Speech => Speech::ALL.iter().map(|word| word.as_str()).collect(),
        Field::Country => return Some(countries(t)),
        _ => return None,
    };
    let called = |word| (word, t.say(&format!("choice-{word}")));
    Some(words.into_iter().map(called).collect())
}

const fn is_optional(field: Field) -> bool {
    matches!(
        field,
        Field::TradingName
            | Field::Vat
            | Field::Lei
            | Field::Addr2
            | Field::LicenceNumber
            | Field::LicenceAuthority
            | Field::PurposeLt
            | Field::PurposeRu
    )
}

/// What the browser may fill in (WCAG 2.2, 1.3.5).
const fn autocomplete(field: Field) -> &'static str {
    match field {
        Field::Organization => "organization",
        Field::Addr1 => "address-line1",
        Field::Addr2 => "address-line2",
        Field::City => "address-level2",
        Field::Postcode => "postal-code",
        Field::Phone => "tel",
        Field::Website => "url",
        _ => "off",
    }
}
