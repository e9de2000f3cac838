use std::collections::BTreeMap;

use leptos::prelude::*;
use protocol::{
    authorization::DetailsView,
    declared::{Declaration, Detail, Relation},
    person::Gender,
};

use super::{named_with_site, signed_in};
use crate::{
    components::{
        Block, Deny, Enhancements, FieldKind, FocusShell, HeadBlock, NoticeBox, PickOne, Place,
        Primary, SignBlock, StepForm, TextField, Ties, Top, countdown, countries, named, plate,
    },
    i18n::Texts,
};

/// What the app needs and the bank does not have. The person confirmed already; no second code is asked for.
#[component]
pub fn DetailsPage(
    /// What is shown.
    view: DetailsView,
) -> AnyView {
    let DetailsView {
        frame,
        wanted,
        typed,
    } = view;
    let t = Texts::of(frame.locale);
    let ties = Ties::of(&frame);
    let countdown = countdown(t, &frame);
    let signed_in = signed_in(t, frame.signed_in_as.as_deref());
    let app = frame.app;
    let top = frame
        .notice
        .as_ref()
        .map(|notice| Top::of(t, notice, Place::Details));
    let failed = top.as_ref().and_then(Top::trouble).is_some();
    let lead = if wanted.is_empty() {
        vec![t.say("details-there").into_any()]
    } else {
        t.rich("details-lead", [("app", named(&app.name))])
    };
    let errors = typed
        .fields()
        .into_iter()
        .filter_map(|(name, _)| Some((name, Top::error_of(top.as_ref(), name)?)))
        .collect();
    let fields = Fields { t, typed, errors };
    view! {
        <FocusShell
            t
            title=t.with("details-title", &[("app", app.name.clone().into())])
            failed
            sandbox=app.sandbox
            kind=t.say("kind-access")
            until=Some(frame.expires_at)
            reference=frame.interaction.as_str()
        >
            {countdown}
            <HeadBlock heading=t.say("details-heading").into_any() margin=plate(&app.name)>
                <p class="p-lead">{named_with_site(&app)}</p>
                {signed_in}
            </HeadBlock>
            {top.map(|top| view! { <NoticeBox t top /> })}
            <StepForm ties id="details" action="/api/authorize/details">
                <Block label=t.say("label-why")>
                    <p>{lead}</p>
                    <p class="c-note">{t.say("details-note")}</p>
                </Block>
                {wanted.into_iter().map(|detail| fields.of(detail)).collect_view()}
                <Enhancements t form="details" />
                <SignBlock answers=2>
                    <Primary words=t.say("details-go-on") decision="allow" />
                    <Deny t />
                </SignBlock>
            </StepForm>
        </FocusShell>
    }
    .into_any()
}

/// The fields of the page, with what was typed and what is wrong.
struct Fields {
    t: Texts,
    typed: Declaration,
    errors: BTreeMap<&'static str, String>,
}

impl Fields {
    /// The block that asks for one detail.
    fn of(&self, detail: Detail) -> AnyView {
        let label = self.t.say(&format!("details-{detail}"));
        let fields = match detail {
            Detail::FullName => vec![
                self.line("given_name", FieldKind::GivenName),
                self.line("family_name", FieldKind::FamilyName),
            ],
            Detail::DateOfBirth => vec![self.line("birth_date", FieldKind::BirthDate)],
            Detail::Gender => {
                let words = Gender::ALL.iter().map(|gender| gender.as_str());
                vec![self.choice("gender", Some("sex"), self.words("gender", words))]
            }
            Detail::Address => vec![
                self.choice("country", Some("country"), countries(self.t)),
                self.line("city", FieldKind::Town),
                self.line("street", FieldKind::Street),
                self.line("post_index", FieldKind::PostalCode),
            ],
            Detail::ExposedPersons => {
                let relations = Relation::ALL.iter().map(|relation| relation.as_str());
                let note = view! { <p class="c-note">{self.t.say("details-exposed-note")}</p> };
                vec![
                    note.into_any(),
                    self.choice("exposed", None, self.words("exposed", ["no", "yes"])),
                    self.line("exposed_name", FieldKind::Plain),
                    self.choice("exposed_relation", None, self.words("relation", relations)),
                    self.line("exposed_position", FieldKind::Plain),
                ]
            }
        };
        view! { <Block label>{fields}</Block> }.into_any()
    }

    fn line(&self, name: &'static str, kind: FieldKind) -> AnyView {
        let (label, value, error) = self.about(name);
        view! { <TextField t=self.t name kind label value error /> }.into_any()
    }

    fn choice(
        &self,
        name: &'static str,
        autocomplete: Option<&'static str>,
        choices: Vec<(&'static str, String)>,
    ) -> AnyView {
        let (label, picked, error) = self.about(name);
        let unpicked = ("", self.t.say("register-choose"));
        let choices = std::iter::once(unpicked).chain(choices).collect();
        view! { <PickOne t=self.t name autocomplete label choices picked error /> }.into_any()
    }

    /// Label, what was typed, and what is wrong with it.
    fn about(&self, name: &'static str) -> (String, String, Option<String>) {
        let typed = self.typed.fields();
        let value = typed.iter().find(|(field, _)| *field == name);
        (
            self.t.say(&format!("details-field-{name}")),
            value.map_or_else(String::new, |(_, value)| (*value).to_owned()),
            self.errors.get(name).cloned(),
        )
    }

    /// Words with what they are called here.
    fn words(
        &self,
        kind: &str,
        words: impl IntoIterator<Item = &'static str>,
    ) -> Vec<(&'static str, String)> {
        let called = |word: &'static str| (word, self.t.say(&format!("details-{kind}-{word}")));
        words.into_iter().map(called).collect()
    }
}
