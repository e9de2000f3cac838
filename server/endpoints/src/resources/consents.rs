//! `/v1/consents`: an app writes down what it wants to see of a person's accounts, before it sends the person
//! here with the scope `AIS:<consentId>` (NextGenPSD2, implementation guidelines 1.3, section 6.3).

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use engine::consents::SeenConsent;
use http::{HeaderName, HeaderValue, StatusCode, header};
use protocol::{
    account_consent::NewConsent,
    ids::{ConsentAuthorisationId, ConsentId},
    scope::ScopeToken,
};
use serde_json::{Value, json};

use super::{
    account_information::answer,
    tpp::{Refusal, ThirdParty, X_REQUEST_ID},
};
use crate::{
    Endpoints,
    errors::Failure,
    guard::{MakeConsent, SeeConsent},
    limits::Body,
};

const SCA_APPROACH: HeaderName = HeaderName::from_static("aspsp-sca-approach");

/// The browser goes to the bank; OAuth is how.
const REDIRECT: HeaderValue = HeaderValue::from_static("REDIRECT");

type Ids<T> = Result<Path<T>, PathRejection>;

/// POST `/v1/consents`.
pub(super) async fn make(
    State(endpoints): State<Endpoints>,
    caller: ThirdParty<MakeConsent>,
    Body(body): Body,
) -> Result<Response, Failure> {
    let engine = &endpoints.engine;
    let new = NewConsent::parse(&body, engine.env().now().date())
        .map_err(|fault| caller.refuse(Refusal::Body(fault)))?;
    let made = engine
        .make_consent(&caller, new)
        .await
        .map_err(|error| caller.failed(error))?;
    let consent = &made.consent;
    let path = path_of(&consent.id);
    let mut links = links(&endpoints, consent);
    links["scaStatus"] = link(&format!("{path}/authorisations/{}", made.authorisation));
    let body = json!({
        "consentStatus": consent.state.as_str(),
        "consentId": consent.id,
        "_links": links,
    });
    let headers = [
        (header::LOCATION, header_value(&path)),
        (SCA_APPROACH, REDIRECT),
        (X_REQUEST_ID, header_value(&caller.request_id)),
    ];
    Ok((StatusCode::CREATED, headers, Json(body)).into_response())
}

/// GET `/v1/consents/{consentId}`.
pub(super) async fn see(
    State(endpoints): State<Endpoints>,
    caller: ThirdParty<SeeConsent>,
    id: Ids<String>,
) -> Result<Response, Failure> {
    let consent = find(&endpoints, &caller, id).await?;
    let body = json!({
        "access": consent.access.to_wire(),
        "recurringIndicator": consent.recurring,
        "validUntil": consent.valid_until.to_string(),
        "frequencyPerDay": consent.frequency_per_day,
        "lastActionDate": consent.last_action.to_string(),
        "consentStatus": consent.state.as_str(),
        "_links": links(&endpoints, &consent),
    });
    Ok(answer(&caller, body))
}

/// GET `/v1/consents/{consentId}/status`.
pub(super) async fn status(
    State(endpoints): State<Endpoints>,
    caller: ThirdParty<SeeConsent>,
    id: Ids<String>,
) -> Result<Response, Failure> {
    let consent = find(&endpoints, &caller, id).await?;
    let body = json!({ "consentStatus": consent.state.as_str() });
    Ok(answer(&caller, body))
}

/// DELETE `/v1/consents/{consentId}`: the app gives it back.
pub(super) async fn delete(
    State(endpoints): State<Endpoints>,
    caller: ThirdParty<SeeConsent>,
    id: Ids<String>,
) -> Result<Response, Failure> {
    let id = consent_id(id).map_err(|refusal| caller.refuse(refusal))?;
    let deleted = endpoints
        .engine
        .delete_consent(&caller, &id)
        .await
        .map_err(|error| caller.failed(error))?;
    match deleted {
        None => Err(caller.refuse(Refusal::NoSuchConsent)),
        Some(Err(fault)) => Err(caller.refuse(Refusal::State(fault.state))),
        Some(Ok(_)) => {
            let headers = [(X_REQUEST_ID, header_value(&caller.request_id))];
            Ok((StatusCode::NO_CONTENT, headers).into_response())
        }
    }
}

/// GET `/v1/consents/{consentId}/authorisations`.
pub(super) async fn authorisations(
    State(endpoints): State<Endpoints>,
    caller: ThirdParty<SeeConsent>,
    id: Ids<String>,
) -> Result<Response, Failure> {
    let id = consent_id(id).map_err(|refusal| caller.refuse(refusal))?;
    let found = endpoints
        .engine
        .authorisations(&caller, &id)
        .await
        .map_err(|error| caller.failed(error))?
        .ok_or_else(|| caller.refuse(Refusal::NoSuchConsent))?;
    Ok(answer(&caller, json!({ "authorisationIds": found })))
}

/// POST `/v1/consents/{consentId}/authorisations`: begins another one.
pub(super) async fn start_authorisation(
    State(endpoints): State<Endpoints>,
    caller: ThirdParty<SeeConsent>,
    id: Ids<String>,
) -> Result<Response, Failure> {
    let id = consent_id(id).map_err(|refusal| caller.refuse(refusal))?;
    let begun = endpoints
        .engine
        .start_authorisation(&caller, &id)
        .await
        .map_err(|error| caller.failed(error))?
        .ok_or_else(|| caller.refuse(Refusal::NoSuchConsent))?
        .map_err(|fault| caller.refuse(Refusal::State(fault.state)))?;
    let path = format!("{}/authorisations/{begun}", path_of(&id));
    let body = json!({
        "scaStatus": "received",
        "authorisationId": begun,
        "_links": { "scaStatus": link(&path), "scaOAuth": sca_oauth(&endpoints) },
    });
    let headers = [
        (header::LOCATION, header_value(&path)),
        (SCA_APPROACH, REDIRECT),
        (X_REQUEST_ID, header_value(&caller.request_id)),
    ];
    Ok((StatusCode::CREATED, headers, Json(body)).into_response())
}

/// GET `/v1/consents/{consentId}/authorisations/{authorisationId}`: how far the person has come.
pub(super) async fn sca_status(
    State(endpoints): State<Endpoints>,
    caller: ThirdParty<SeeConsent>,
    ids: Ids<(String, String)>,
) -> Result<Response, Failure> {
    let Ok(Path((id, authorisation))) = ids else {
        return Err(caller.refuse(Refusal::NoSuchConsent));
    };
    let consent = find(&endpoints, &caller, Ok(Path(id))).await?;
    let unknown = || caller.refuse(Refusal::AuthorisationUnknown);
    if ScopeToken::parse(&authorisation).is_err() {
        return Err(unknown());
    }
    let authorisation = ConsentAuthorisationId::new(authorisation);
    let state = endpoints
        .engine
        .sca_state(&caller, &consent.id, &authorisation)
        .await
        .map_err(|error| caller.failed(error))?
        .ok_or_else(unknown)?;
    Ok(answer(&caller, json!({ "scaStatus": state.as_str() })))
}

/// The consent, if it is this app's. Foreign and unknown ones are answered alike.
async fn find(
    endpoints: &Endpoints,
    caller: &ThirdParty<SeeConsent>,
    id: Ids<String>,
) -> Result<SeenConsent, Failure> {
    let id = consent_id(id).map_err(|refusal| caller.refuse(refusal))?;
    endpoints
        .engine
        .consent_of(caller, &id)
        .await
        .map_err(|error| caller.failed(error))?
        .ok_or_else(|| caller.refuse(Refusal::NoSuchConsent))
}

/// What cannot stand in a scope is no id of ours.
fn consent_id(id: Ids<String>) -> Result<ConsentId, Refusal> {
    match id {
        Ok(Path(id)) if ScopeToken::parse(&id).is_ok() => Ok(ConsentId::new(id)),
        _ => Err(Refusal::NoSuchConsent),
    }
}

fn path_of(id: &ConsentId) -> String {
    format!("/v1/consents/{id}")
}

fn link(path: &str) -> Value {
    json!({ "href": path })
}

/// Where the app finds everything that it needs to send the person here (RFC 8414).
fn sca_oauth(endpoints: &Endpoints) -> Value {
    let issuer = &endpoints.engine.env().settings.public_url;
    json!({ "href": format!("{issuer}/.well-known/oauth-authorization-server") })
}

fn links(endpoints: &Endpoints, consent: &SeenConsent) -> Value {
    let path = path_of(&consent.id);
    let mut links = json!({
        "self": link(&path),
        "status": link(&format!("{path}/status")),
    });
    if consent.state.is_final() {
        return links;
    }
    links["scaOAuth"] = sca_oauth(endpoints);
    links
}

/// Ids and paths of ours have only characters that a header may have.
fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
