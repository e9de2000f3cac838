use engine::{portal::Place, review::CaseView};
use leptos::prelude::*;
use protocol::{locale::Locale, registration::review::RejectCode};

use crate::{
    components::{CodeField, ComplaintBox, PortalForm, PortalShell, Visitor, said_about},
    i18n::Texts,
    visitor::flash,
};

/// The decision on a case (A3).
#[component]
pub fn DecidePage(
    /// Who looks.
    visitor: Visitor,
    /// The case.
    view: CaseView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let flash = flash("decide");
    let failed = !flash.complaints.is_empty();
    let error = said_about(t, &flash, "code");
    let name = view.case.submission.look.app_name.clone();
    let stage = t.say(&format!("admin-word-stage-{}", view.case.stage.name()));
    let back = Place::Case(view.case.id.clone()).path();
    let reason = flash.typed.get("reason").to_owned();
    // What was typed on an old page is not lost, even when nothing can be decided any more.
    let form = match view.is_mine() {
        false => view! { <p>{reason}</p> }.into_any(),
        true => {
            let before = flash.typed.get("scopes").to_owned();
            let ticked = |token: &str| before.is_empty() || before.split(' ').any(|at| at == token);
            let asked = view.case.submission.permissions.scope.clone();
            let scopes = asked.iter().map(|token| {
                let token = token.as_str().to_owned();
                let checked = ticked(&token);
                view! {
                    <label class="c-tick">
                        <input type="checkbox" name="scope" value=token.clone() checked=checked />
                        <code translate="no">{token.clone()}</code>
                    </label>
                }
            });
            let scopes = scopes.collect_view();
            let chosen = flash.typed.get("codes").to_owned();
            let codes = RejectCode::ALL.iter().map(|code| {
                let words = t.say(&format!("admin-word-reject-{code}"));
                let checked = chosen.split(' ').any(|at| at == code.as_str());
                view! {
                    <label class="c-tick">
                        <input type="checkbox" name="codes" value=code.as_str() checked=checked />
                        <span>{words}</span>
                    </label>
                }
            });
            let codes = codes.collect_view();
            let code = view.needs_code.then(|| view! { <CodeField t error /> });
            let (case, version) = (view.case.id.to_string(), view.case.version);
            view! {
                <PortalForm form="decide" action="/api/admin/decide">
                    <input type="hidden" name="case" value=case />
                    <input type="hidden" name="version" value=version />
                    <fieldset>
                        <legend>{t.say("admin-decide-scope")}</legend>
                        {scopes}
                    </fieldset>
                    <fieldset>
                        <legend>{t.say("admin-decide-why")}</legend>
                        {codes}
                    </fieldset>
                    <label for="reason">{t.say("admin-decide-reason")}</label>
                    <textarea class="c-input" id="reason" name="reason" rows="5">
                        {reason}
                    </textarea>
                    {code}
                    <div class="d-buttons">
                        <button
                            type="submit"
                            class="c-button c-button--primary"
                            name="decision"
                            value="approve"
                        >
                            {t.say("admin-approve")}
                        </button>
                        <button type="submit" class="c-button" name="decision" value="request_changes">
                            {t.say("admin-request-changes")}
                        </button>
                        <button type="submit" class="c-button" name="decision" value="reject">
                            {t.say("admin-reject")}
                        </button>
                    </div>
                </PortalForm>
            }
            .into_any()
        }
    };
    view! {
        <PortalShell t title=t.say("admin-decide") visitor here=Place::Queue failed>
            <h1>
                <bdi>{name}</bdi>
            </h1>
            <ComplaintBox t flash />
            <section class="d-block" aria-labelledby="decide-state">
                <h2 id="decide-state">{stage}</h2>
                <p>
                    <a href=back>{t.say("admin-back-to-case")}</a>
                </p>
                {form}
            </section>
        </PortalShell>
    }
    .into_any()
}
