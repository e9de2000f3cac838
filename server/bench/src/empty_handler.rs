//! An axum handler with nothing behind it: what the machine gives at most.

use std::path::Path;

use axum::{Json, Router, routing::post};

use crate::Failure;

/// Serves the JSON text in the file `body` at the path of introspection, on a free port, until
/// the process is ended. Prints the address.
pub fn serve(body: &Path) -> Result<(), Failure> {
    let answer: serde_json::Value = serde_json::from_slice(&std::fs::read(body)?)?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let handler = move || {
                let answer = answer.clone();
                async move { Json(answer) }
            };
            let router = Router::new().route("/oauth/introspect", post(handler));
            let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
            println!("{}", listener.local_addr()?);
            axum::serve(listener, router).await?;
            Ok(())
        })
}
