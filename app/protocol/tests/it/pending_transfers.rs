//! A payment that the app wrote down before: asked for by its id, and by nothing else.

use protocol::{
    authorization::Plan,
    authorize::{
        Accepted, AcceptedRecord, AuthorizeError, Rejection, check, pending_transfer, restore,
    },
    client::Client,
    form::RawForm,
    ids::{ClientId, TransferId},
    payment::{Payment, parse_authorization_details},
    pending_transfer::{PendingTransfer, PendingTransferFault},
    scope::Cluster,
    time::Timestamp,
};

use crate::fixtures::{NOW, REQUEST, client, request, request_with, scope};

const PAYMENT: &str = r#"[{"type":"payment_initiation","instructedAmount":{"currency":"EUR","amount":"20.00"},"creditorName":"UAB Elektra","creditorAccount":{"iban":"LT121000011101001000"}}]"#;

fn payment() -> Payment {
    parse_authorization_details(PAYMENT).expect(PAYMENT)
}

/// One of [`client`], good for a minute.
fn pending() -> PendingTransfer {
    PendingTransfer {
        id: TransferId::new("t-1"),
        client_id: client().id,
        payment: payment(),
        valid_until: Timestamp::from_seconds(NOW.seconds() + 60),
        is_executed: false,
    }
}

fn asking(scope: &str) -> RawForm {
    request_with("scope", scope)
}

fn accepted(scope: &str) -> Accepted {
    check(&asking(scope), &client(), Some(&pending()), NOW).expect("accepted")
}

fn refused(
    form: &RawForm,
    client: &Client,
    pending: Option<&PendingTransfer>,
    now: Timestamp,
) -> AuthorizeError {
    match check(form, client, pending, now) {
        Err(Rejection::Redirect { error, state, .. }) => {
            assert_eq!(state.as_deref(), Some("xyz"));
            error
        }
        other => panic!("expected an error at the client, got {other:?}"),
    }
}

#[test]
fn the_scope_names_it_and_the_payment_comes_from_what_was_found() {
    let form = asking("transferFunds:t-1");
    assert_eq!(
        pending_transfer(&form, &client()),
        Some(TransferId::new("t-1"))
    );
    let accepted = accepted("transferFunds:t-1");
    assert_eq!(accepted.payment, Some(payment()));
    assert_eq!(accepted.payment_until, Some(pending().valid_until));
    assert_eq!(
        accepted.scope,
        scope("transferFunds:t-1"),
        "the app sees what it asked for, and not a scope that allows more"
    );
    // The pages treat it as every other payment.
    let plan = Plan::of(&accepted.scope, accepted.payment.as_ref());
    assert!(plan.pays && !plan.has_permissions && !plan.chooses_accounts);
    assert_eq!(
        accepted.scope.clusters(accepted.payment.as_ref()),
        [Cluster::ThisPayment]
    );
}

#[test]
fn other_permissions_may_stand_beside_it() {
    let both = accepted("wallet transferFunds:t-1");
    assert_eq!(both.scope, scope("transferFunds:t-1 wallet"));
    let plan = Plan::of(&both.scope, both.payment.as_ref());
    assert!(plan.pays && plan.has_permissions);
    // The plain permission too: with a payment it means that payment, as it does with details.
    let plain = accepted("transferFunds transferFunds:t-1");
    assert_eq!(plain.payment, Some(payment()));
    assert_eq!(
        plain.scope.clusters(plain.payment.as_ref()),
        [Cluster::ThisPayment]
    );
}

#[test]
fn what_is_not_there_or_not_its_own_is_one_and_the_same_to_a_client() {
    let form = asking("transferFunds:t-1");
    let foreign = PendingTransfer {
        client_id: ClientId::new("another"),
        ..pending()
    };
    let other = PendingTransfer {
        id: TransferId::new("t-2"),
        ..pending()
    };
    let foreign_and_over = PendingTransfer {
        valid_until: NOW,
        is_executed: true,
        ..foreign.clone()
    };
    let unknown = AuthorizeError::PendingTransfer(PendingTransferFault::Unknown);
    for found in [None, Some(&foreign), Some(&other), Some(&foreign_and_over)] {
        assert_eq!(refused(&form, &client(), found, NOW), unknown, "{found:?}");
    }
    assert_eq!(unknown.code(), "invalid_scope");
    assert!(unknown.developer().contains("/wallet/v1/pending-transfers"));
}

#[test]
fn its_time_is_over_at_the_exact_millisecond_and_what_was_executed_stays_so() {
    let form = asking("transferFunds:t-1");
    let end = pending().valid_until;
    let before = Timestamp::from_millis(end.millis() - 1);
    assert!(check(&form, &client(), Some(&pending()), before).is_ok());
    let expired = AuthorizeError::PendingTransfer(PendingTransferFault::Expired);
    assert_eq!(refused(&form, &client(), Some(&pending()), end), expired);
    let executed = PendingTransfer {
        is_executed: true,
        ..pending()
    };
    for now in [NOW, end] {
        assert_eq!(
            refused(&form, &client(), Some(&executed), now),
            AuthorizeError::PendingTransfer(PendingTransferFault::Executed)
        );
    }
}

#[test]
fn a_request_asks_for_one_payment() {
    let two = asking("transferFunds:t-1 transferFunds:t-2");
    assert_eq!(
        pending_transfer(&two, &client()),
        None,
        "nothing to look up"
    );
    let details = RawForm::from_pairs(
        REQUEST
            .into_iter()
            .filter(|(name, _)| *name != "scope")
            .chain([
                ("scope", "transferFunds:t-1"),
                ("authorization_details", PAYMENT),
            ]),
    );
    for form in [two, details] {
        let error = refused(&form, &client(), Some(&pending()), NOW);
        assert_eq!(error, AuthorizeError::TwoPayments);
        assert_eq!(error.code(), "invalid_request");
    }
    // The same one said twice is one.
    assert!(
        accepted("transferFunds:t-1 transferFunds:t-1")
            .payment
            .is_some()
    );
}

#[test]
fn a_client_that_may_not_move_money_may_not_name_one() {
    let reader = Client {
        scope: scope("wallet"),
        ..client()
    };
    assert_eq!(
        refused(&asking("transferFunds:t-1"), &reader, Some(&pending()), NOW),
        AuthorizeError::ScopeNotApproved {
            token: "transferFunds:t-1".to_owned()
        }
    );
    let nameless = refused(&asking("transferFunds:"), &client(), None, NOW);
    assert_eq!(nameless.code(), "invalid_scope");
}

#[test]
fn requests_without_one_look_nothing_up() {
    for form in [request(), asking("a  b"), asking("AIS:c-1"), asking("")] {
        assert_eq!(pending_transfer(&form, &client()), None);
    }
    // A found one that the request does not name changes nothing.
    let plain = check(&asking("transferFunds"), &client(), Some(&pending()), NOW);
    assert_eq!(plain.expect("accepted").payment, None);
}

#[test]
fn it_comes_back_from_its_record_and_never_without_its_payment() {
    let accepted = accepted("transferFunds:t-1");
    let json = serde_json::to_value(AcceptedRecord::from(&accepted)).expect("JSON");
    let record = |json| serde_json::from_value::<AcceptedRecord>(json).expect("a record");
    assert_eq!(restore(record(json.clone()), &client()), Some(accepted));
    let mut bare = json.clone();
    bare.as_object_mut().expect("members").remove("p");
    assert_eq!(restore(record(bare), &client()), None);
    let reader = Client {
        scope: scope("wallet"),
        ..client()
    };
    assert_eq!(restore(record(json), &reader), None);
}
