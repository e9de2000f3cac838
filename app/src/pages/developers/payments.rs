use leptos::prelude::*;
use protocol::{
    api_error::ApiErrorCode,
    authorize::AuthorizeError,
    payment::{LONGEST_CREDITOR_NAME, LONGEST_REFERENCE, PaymentFault},
    pending_transfer::PendingTransferFault,
};

use super::{Head, Page, Shell, duration, samples, texts};
use crate::{
    api::developers::Place,
    components::{CodeSample, DocumentSection, Machine},
    i18n::Texts,
};

/// How an app asks for one payment and makes it.
#[component]
pub fn PaymentsPage(
    /// This server.
    place: Place,
) -> AnyView {
    let t = texts();
    let kept = duration(t, place.idempotency);
    let payment = samples::payment(&place);
    let transfer = samples::transfer(&place);
    let pending = samples::pending_transfer(&place);
    let waits = duration(t, place.pending_transfer);
    view! {
        <Shell t title=t.say("docs-payments") page=Page::Payments>
            <Head heading=t.say("docs-payments-heading") lead=t.prose("docs-payments-lead", &[]) />
            <DocumentSection id="request" heading=t.say("docs-payment-request").into_any()>
                <p>{t.prose("docs-payment-request-text", &[])}</p>
                <CodeSample t label=t.say("docs-sample-payment") code=payment />
            </DocumentSection>
            <DocumentSection id="members" heading=t.say("docs-payment-fields").into_any()>
                <p>{t.prose("docs-payment-fields-text", &[])}</p>
                <Members t />
            </DocumentSection>
            <DocumentSection id="transfer" heading=t.say("docs-payment-transfer").into_any()>
                <p>{t.prose("docs-payment-transfer-text", &[("kept", kept.into())])}</p>
                <CodeSample t label=t.say("docs-sample-transfer") code=transfer />
            </DocumentSection>
            <DocumentSection id="pending" heading=t.say("docs-payment-pending").into_any()>
                <p>{t.prose("docs-payment-pending-text", &[("waits", waits.into())])}</p>
                <CodeSample t label=t.say("docs-sample-pending") code=pending />
                <p>{t.prose("docs-payment-pending-after", &[])}</p>
            </DocumentSection>
            <DocumentSection id="failing" heading=t.say("docs-payment-faults").into_any()>
                <p>{t.say("docs-payment-faults-text")}</p>
                <Faults />
            </DocumentSection>
        </Shell>
    }
    .into_any()
}

/// The members of `payment_initiation`.
#[component]
fn Members(t: Texts) -> AnyView {
    let at_most = |key, longest: usize| t.prose(key, &[("longest", longest.into())]);
    let members = [
        ("type", t.prose("docs-field-type", &[])),
        ("instructedAmount", t.prose("docs-field-amount", &[])),
        (
            "creditorName",
            at_most("docs-field-creditor", LONGEST_CREDITOR_NAME),
        ),
        ("creditorAccount", t.prose("docs-field-account", &[])),
        (
            "remittanceInformationUnstructured",
            at_most("docs-field-reference", LONGEST_REFERENCE),
        ),
    ];
    let facts = members.map(|(name, words)| {
        view! {
            <div>
                <dt>
                    <Machine words=name />
                </dt>
                <dd>{words}</dd>
            </div>
        }
    });
    view! { <dl class="c-facts c-facts--stacked">{facts.into_iter().collect_view()}</dl> }
        .into_any()
}

/// What goes wrong with payments, each with the way to its section.
#[component]
fn Faults() -> AnyView {
    let authorize = [
        AuthorizeError::AuthorizationDetails(PaymentFault::Malformed),
        AuthorizeError::PaymentNotApproved,
        AuthorizeError::PendingTransfer(PendingTransferFault::Unknown),
        AuthorizeError::TwoPayments,
        AuthorizeError::Denied,
    ];
    let api = [
        ApiErrorCode::PaymentDiffers,
        ApiErrorCode::PaymentUsed,
        ApiErrorCode::PaymentExpired,
        ApiErrorCode::IdempotencyKeyUsed,
        ApiErrorCode::InsufficientFunds,
    ];
    let anchors = authorize
        .iter()
        .map(AuthorizeError::anchor)
        .chain(api.map(ApiErrorCode::anchor));
    let link = |anchor: &'static str| {
        view! {
            <li>
                <a href=format!("{}#{anchor}", Page::Errors.path())>
                    <Machine words=anchor />
                </a>
            </li>
        }
    };
    view! { <ul class="p-help">{anchors.map(link).collect_view()}</ul> }.into_any()
}
