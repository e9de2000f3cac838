//! Signed requests: each has a nonce of its own, so each is signed by the generator while it runs.

use std::{
    net::SocketAddr,
    time::{SystemTime, UNIX_EPOCH},
};

use protocol::dialects::mac::{Destination, MacHeader, Signable};

use crate::{
    Failure,
    http::Connection,
    load::{Size, run},
    report::Report,
    server::Client,
};

/// What anybody who signs may read, and what costs nothing but the signature.
const TARGET: &str = "/rest/v1/configuration";

struct Worker {
    connection: Connection,
    number: usize,
    sent: u64,
}

/// Signed requests per second, checked, and their nonces remembered.
pub async fn requests(
    address: SocketAddr,
    signer: &Client,
    size: Size,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut workers = Vec::new();
    for number in 0..size.connections {
        let connection = Connection::open(address).await?;
        workers.push(Worker {
            connection,
            number,
            sent: 0,
        });
    }
    let destinations = [Destination {
        host: address.ip().to_string(),
        port: address.port(),
    }];
    let (id, key) = (signer.id.clone(), signer.secret.clone());
    let rate = run(size, workers, async move |worker: &mut Worker| {
        worker.sent += 1;
        let signable = Signable {
            method: "GET",
            target: TARGET,
            destinations: &destinations,
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let unsigned = MacHeader {
            id: id.clone(),
            ts: now.to_string(),
            nonce: format!("{}-{}", worker.number, worker.sent),
            mac: [0; 32],
            ext: String::new(),
        };
        let header = signable
            .sign(&key, unsigned)
            .ok_or("a request without a destination")?;
        let request =
            format!("GET {TARGET} HTTP/1.1\r\nHost: {address}\r\nAuthorization: {header}\r\n\r\n");
        match worker.connection.drive(request.as_bytes()).await? {
            200 => Ok(()),
            status => Err(format!("answered with status {status}").into()),
        }
    })
    .await?;
    report.rate("signed_requests", rate);
    Ok(())
}
