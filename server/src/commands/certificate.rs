//! `countersign client certificate add|list|remove`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use engine::{
    Engine,
    register::{CertificateFacts, NewCertificate},
};
use protocol::ids::ClientId;
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use x509_cert::{Certificate, der::Decode as _};

use super::{Failure, Outcome, print};
use crate::probe::tls::instant;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Let a client of the dialect mac prove itself by a TLS certificate, instead of signing
    Add(Add),
    /// List the certificates of a client
    List(List),
    /// Take a certificate away from a client
    Remove(Remove),
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// The client_id
    client_id: String,
    /// The certificate, as PEM
    file: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// The client_id
    client_id: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Remove {
    /// The client_id
    client_id: String,
    /// SHA-256 of the certificate, as the list shows it
    sha256: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Certificates {
    certificates: Vec<CertificateFacts>,
}

#[derive(Serialize)]
struct Removed<'a> {
    removed: &'a str,
}

pub(super) async fn perform(engine: &Engine, command: Command) -> Outcome {
    match command {
        Command::Add(add) => {
            let new = read(&add.file)?;
            let id = ClientId::new(&add.client_id);
            let facts = engine.add_certificate(&id, new).await?;
            print(add.json, &facts, || {
                format!("Client {id} may use the certificate.\n{}", line(&facts))
            })
        }
        Command::List(list) => {
            let id = ClientId::new(&list.client_id);
            let certificates = engine.certificates(&id).await?;
            let lines: String = certificates.iter().map(line).collect();
            print(list.json, &Certificates { certificates }, || {
                if lines.is_empty() {
                    format!("Client {id} has no certificates.")
                } else {
                    lines
                }
            })
        }
        Command::Remove(remove) => {
            let id = ClientId::new(&remove.client_id);
            engine.remove_certificate(&id, &remove.sha256).await?;
            let removed = Removed {
                removed: &remove.sha256,
            };
            print(remove.json, &removed, || {
                format!("Client {id} may not use the certificate any more.")
            })
        }
    }
}

fn line(facts: &CertificateFacts) -> String {
    format!(
        "{} until {} {}\n",
        facts.sha256,
        facts.not_after.date(),
        facts.subject
    )
}

/// The first certificate in a PEM file.
fn read(file: &PathBuf) -> Result<NewCertificate, Failure> {
    let unusable = |fault: String| Failure(format!("{} cannot be used: {fault}.", file.display()));
    let der = CertificateDer::from_pem_file(file).map_err(|fault| unusable(fault.to_string()))?;
    let certificate = Certificate::from_der(&der).map_err(|fault| unusable(fault.to_string()))?;
    let content = certificate.tbs_certificate();
    let validity = content.validity();
    Ok(NewCertificate {
        digest: Sha256::digest(&der).into(),
        subject: content.subject().to_string(),
        not_before: instant(validity.not_before),
        not_after: instant(validity.not_after),
    })
}
