use engine::portal::Place as Destination;
use leptos::prelude::*;
use protocol::authorization::{AccountChoice, AppView, ConsentView, Purpose};

use super::signed_in;
use crate::{
    components::{
        AccountCard, AmountCard, Block, CanList, CannotList, Deny, Enhancements, FocusShell,
        HeadBlock, Icon, Identity, NoticeBox, Pick, Place, Primary, Shape, SignBlock, StepForm,
        Ties, Top, countdown, day, named, plate, site_host,
    },
    i18n::Texts,
    islands::CountAccounts,
};

/// Read and choose (U3): who asks, why, for what, with which accounts and until when, where the
/// browser goes next; then yes or no.
#[component]
pub fn ConsentPage(
    /// What is shown.
    view: ConsentView,
) -> AnyView {
    let ConsentView {
        frame,
        can,
        offline,
        absent,
        asked_for,
        cannot,
        accounts,
        chooses_accounts,
        names_accounts,
        until,
        days,
        times_a_day,
        once,
        payment,
    } = view;
    let t = Texts::of(frame.locale);
    let ties = Ties::of(&frame);
    let countdown = countdown(t, &frame);
    let signed_in = signed_in(t, frame.signed_in_as.as_deref());
    let app = frame.app;
    let name = app.name.clone();
    let top = frame
        .notice
        .as_ref()
        .map(|notice| Top::of(t, notice, Place::Consent));
    let failed = top.as_ref().and_then(Top::trouble).is_some();
    let error = Top::error_of(top.as_ref(), "accounts");
    let nothing_fits = (chooses_accounts || names_accounts)
        && accounts.iter().all(|account| account.ineligible.is_some());

    let with_payment = payment.map(|payment| {
        view! {
            <Block label=t.say("label-pay")>
                <p class="p-lead">{t.say("consent-with-payment")}</p>
                <AmountCard t payment />
            </Block>
        }
    });
    let from = match (accounts.is_empty(), chooses_accounts) {
        (true, false) if names_accounts => {
            Some(view! { <NoneNamed t app=name.clone() /> }.into_any())
        }
        (true, false) => None,
        (_, true) => {
            Some(view! { <Choice t app=name.clone() accounts nothing_fits error /> }.into_any())
        }
        (false, false) => Some(view! { <Named t app=name.clone() accounts /> }.into_any()),
    };
    let often = match times_a_day {
        _ if once => None,
        Some(times) => Some(t.with("consent-times", &[("times", times.into())])),
        None => Some(t.say("consent-times-any")),
    };
    let term = if once {
        view! { <p class="p-until">{t.rich("consent-once", [("app", named(&name))])}</p> }
            .into_any()
    } else {
        let days = t.with("consent-days", &[("days", days.into())]);
        view! {
            <p>
                <span class="p-until">{day(t, until)}</span>
                " ("
                {days}
                ")"
            </p>
        }
        .into_any()
    };
    let why = view! { <Why t app=name.clone() purpose=app.purpose.clone() /> };
    let next = next(t, &app);
    // Told, not linked: nothing on this page leads away from it.
    let list = format!(
        "{}{}",
        site_host().unwrap_or_default(),
        Destination::Connected.path()
    );
    let list = view! { <span class="c-host">{list}</span> }.into_any();
    let stop = t.rich("consent-stop", [("address", list)]);
    // Where nothing can be allowed there is no until and no next.
    let terms = (!nothing_fits).then(|| {
        view! {
            <Block label=t.say("label-until")>
                {term}
                {often
                    .map(|often| {
                        view! {
                            <ul class="p-terms">
                                <li>{often}</li>
                                <li>{stop}</li>
                            </ul>
                        }
                    })}
            </Block>
            <Block label=t.say("label-next")>{next}</Block>
        }
    });
    let can = view! { <CanList t app=name.clone() can offline absent asked_for /> };

    view! {
        <FocusShell
            t
            title=t.with("consent-title", &[("app", name.clone().into())])
            failed
            sandbox=app.sandbox
            kind=t.say("kind-access")
            until=Some(frame.expires_at)
            reference=frame.interaction.as_str()
        >
            {countdown}
            <HeadBlock
                heading=t
                    .rich("consent-title", [("app", view! { <bdi>{name.clone()}</bdi> }.into_any())])
                    .into_any()
                margin=plate(&name)
            >
                {signed_in}
            </HeadBlock>
            {top.map(|top| view! { <NoticeBox t top /> })}
            <StepForm ties id="consent" action="/api/authorize/consent">
            <Block label=t.say("label-who")>
                <Identity t app />
            </Block>
            <Block label=t.say("label-why")>{why}</Block>
            <Block label=t.say("label-what")>
                {can}
                <CannotList t app=name cannot />
            </Block>
            {with_payment}
                {from}
                {terms}
                <Enhancements t form="consent" />
                <SignBlock answers=if nothing_fits { 1 } else { 2 }>
                    {(!nothing_fits)
                        .then(|| view! { <Primary words=t.say("consent-allow") decision="allow" /> })}
                    <Deny t />
                </SignBlock>
            </StepForm>
        </FocusShell>
    }
    .into_any()
}

/// Why the app asks, as reviewed.
#[component]
pub(crate) fn Why(
    /// The texts.
    t: Texts,
    /// The app's name.
    app: String,
    /// The sentence.
    purpose: Option<Purpose>,
) -> AnyView {
    let Some(purpose) = purpose else {
        return view! { <p class="p-lead">{t.rich("app-no-purpose", [("app", named(&app))])}</p> }
            .into_any();
    };
    let foreign = (purpose.locale != t.locale()).then(|| {
        let language = t.say(&format!("language-name-{}", purpose.locale));
        view! { <p class="c-note">{t.with("app-purpose-language", &[("language", language.into())])}</p> }
    });
    view! {
        <p lang=purpose.locale.as_str()>
            <bdi>{purpose.text}</bdi>
        </p>
        {foreign}
    }
    .into_any()
}

/// The accounts to tick. The first button of the form is here: Enter in a box must not allow.
#[component]
fn Choice(
    t: Texts,
    app: String,
    accounts: Vec<AccountChoice>,
    nothing_fits: bool,
    error: Option<String>,
) -> AnyView {
    let many = accounts
        .iter()
        .filter(|account| account.ineligible.is_none())
        .count()
        > 1;
    let wrong = error.is_some();
    let legend = if nothing_fits {
        vec![t.say("consent-none").into_any()]
    } else {
        t.rich("consent-choose", [("app", named(&app))])
    };
    let template = t.with(
        "consent-count",
        &[("chosen", "{chosen}".into()), ("total", "{total}".into())],
    );
    let cards = accounts
        .into_iter()
        .map(|account| view! { <AccountCard t account pick=Pick::Several /> })
        .collect_view();
    let error = error.map(|error| {
        view! {
            <p class="c-field__error" id="accounts-error">
                <span class="l-aside">{t.say("error-prefix")}" "</span>
                {error}
            </p>
        }
    });
    let all_or_none = many.then(|| {
        view! {
            <div class="p-links">
                <button type="submit" class="c-button c-button--quiet" name="do" value="all">
                    {t.say("consent-all")}
                </button>
                <button type="submit" class="c-button c-button--quiet" name="do" value="none">
                    {t.say("consent-no-account")}
                </button>
                <CountAccounts form="consent".to_owned() template keep=true />
            </div>
        }
    });
    view! {
        <Block label=t.say("label-accounts")>
            <fieldset
                id="accounts"
                tabindex="-1"
                class=if wrong { "c-field--error" } else { "" }
                aria-describedby=wrong.then_some("accounts-error")
            >
                <legend class="c-legend">{legend}</legend>
                <button type="submit" class="c-button c-button--quiet l-aside" name="do" value="recalculate">
                    {t.say("consent-update")}
                </button>
                {error}
                {cards}
                {all_or_none}
            </fieldset>
        </Block>
    }
    .into_any()
}

/// The accounts that the app named.
#[component]
fn Named(t: Texts, app: String, accounts: Vec<AccountChoice>) -> AnyView {
    view! {
        <Block label=t.say("label-accounts")>
            <p class="c-legend">{t.rich("consent-fixed", [("app", named(&app))])}</p>
            <div>
                {accounts
                    .into_iter()
                    .map(|account| view! { <AccountCard t account pick=Pick::Fixed /> })
                    .collect_view()}
            </div>
        </Block>
    }
    .into_any()
}

/// The app named accounts, and none of them is the person's.
#[component]
fn NoneNamed(t: Texts, app: String) -> AnyView {
    view! {
        <Block label=t.say("label-accounts")>
            <p class="c-legend">{t.rich("consent-none-named", [("app", named(&app))])}</p>
        </Block>
    }
    .into_any()
}

/// Where the browser goes next, and a word when that is not the verified website.
pub(crate) fn next(t: Texts, app: &AppView) -> AnyView {
    let host = view! { <bdi class="c-host">{app.return_host.clone()}</bdi> }.into_any();
    let warning = match app.verified_domain.clone() {
        Some(domain) if app.return_host_differs => {
            let domain = view! { <bdi class="c-host">{domain}</bdi> }.into_any();
            Some(t.rich("consent-next-differs", [("host", domain)]))
        }
        Some(_) => None,
        None => Some(vec![t.say("consent-next-unknown").into_any()]),
    };
    view! {
        <p>{t.rich("consent-next", [("host", host)])}</p>
        {warning
            .map(|warning| {
                view! {
                    <p class="c-with-icon c-is-warn">
                        <Icon shape=Shape::Warning />
                        <span>{warning}</span>
                    </p>
                }
            })}
    }
    .into_any()
}
