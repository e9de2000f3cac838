//! TLS certificates of clients that sign nothing: the alternative to a MAC key (RFC 8705 §2.2, a
//! certificate that the client itself made is as good as any: it is known by its digest).

use data_encoding::HEXLOWER;
use protocol::{client::AuthMethod, ids::ClientId, time::Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{
    audit::insert_audit_event,
    client_certificates::{
        ClientCertificateRecord, delete_client_certificate, find_client_certificates,
        insert_client_certificate,
    },
};

use super::{RegisterError, is_line};
use crate::{Engine, error::Error};

/// Longest name in a certificate that is kept, in characters.
const LONGEST_SUBJECT: usize = 200;

/// A certificate as whoever has read it describes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewCertificate {
    /// SHA-256 of the certificate in DER.
    pub digest: [u8; 32],
    /// The name in it.
    pub subject: String,
    /// From when on it is good.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
}

/// What can be told about a certificate.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CertificateFacts {
    /// SHA-256 of the certificate in DER, in hexadecimal digits.
    pub sha256: String,
    /// The name in it.
    pub subject: String,
    /// From when on it is good, in milliseconds since the Unix epoch.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
}

impl From<ClientCertificateRecord> for CertificateFacts {
    fn from(record: ClientCertificateRecord) -> Self {
        Self {
            sha256: HEXLOWER.encode(&record.digest),
            subject: record.subject,
            not_before: record.not_before,
            not_after: record.not_after,
        }
    }
}

impl Engine {
    /// Lets a client prove itself by a certificate.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] when there is no such client, when it does not sign its requests, or
    /// when the certificate is over or known already.
    pub async fn add_certificate(
        &self,
        id: &ClientId,
        new: NewCertificate,
    ) -> Result<CertificateFacts, RegisterError> {
        let client = self.registered(id).await?.client;
        if client.auth_method != AuthMethod::Mac {
            return Err(RegisterError::refused(format!(
                "the client {id} has a secret: certificates are for clients of the dialect mac"
            )));
        }
        let now = self.env.now();
        if now >= new.not_after {
            return Err(RegisterError::refused("the certificate has run out"));
        }
        let subject = if is_line(&new.subject, LONGEST_SUBJECT) {
            new.subject
        } else {
            "?".to_owned()
        };
        let record = ClientCertificateRecord {
            digest: new.digest,
            client_id: id.clone(),
            subject,
            not_before: new.not_before,
            not_after: new.not_after,
            created_at: now,
        };
        let facts = CertificateFacts::from(record.clone());
        let event = self.operator_event(
            "client.certificate_added",
            format!("client:{id}"),
            &json!({ "sha256": facts.sha256, "not_after": facts.not_after }),
        );
        let added = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let added = insert_client_certificate(tx, &record).await?;
                    if added.is_yes() {
                        insert_audit_event(tx, &event).await?;
                    }
                    Ok(added)
                })
            })
            .await?;
        if added.is_yes() {
            Ok(facts)
        } else {
            Err(RegisterError::refused("the certificate is known already"))
        }
    }

    /// The certificates of a client.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] when there is no such client.
    pub async fn certificates(
        &self,
        id: &ClientId,
    ) -> Result<Vec<CertificateFacts>, RegisterError> {
        self.registered(id).await?;
        let found = find_client_certificates(self.env.store.reader(), id).await?;
        Ok(found.into_iter().map(CertificateFacts::from).collect())
    }

    /// Takes a certificate away from a client: from now on it proves nothing.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] when the client has no such certificate.
    pub async fn remove_certificate(
        &self,
        id: &ClientId,
        sha256: &str,
    ) -> Result<(), RegisterError> {
        let unknown =
            || RegisterError::refused(format!("the client {id} has no certificate {sha256}"));
        let digest: [u8; 32] = HEXLOWER
            .decode(sha256.to_ascii_lowercase().as_bytes())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(unknown)?;
        let event = self.operator_event(
            "client.certificate_removed",
            format!("client:{id}"),
            &json!({ "sha256": sha256 }),
        );
        let client = id.clone();
        let removed = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let removed = delete_client_certificate(tx, &client, &digest).await?;
                    if removed.is_yes() {
                        insert_audit_event(tx, &event).await?;
                    }
                    Ok(removed)
                })
            })
            .await?;
        if removed.is_yes() {
            Ok(())
        } else {
            Err(unknown())
        }
    }
}
