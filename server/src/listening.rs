//! Accepting connections, and letting go of them.
//!
//! `axum::serve` has neither a limit on connections nor a time limit for the head of a request, so
//! a few thousand slow clients could keep everybody else out. This loop has both, on the same hyper.

mod signals;

use std::{future::Future, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower::Service as _;

pub use signals::Signals;

/// What connections may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at the same time; more wait in the system's queue.
    pub connections: usize,
    /// Longest wait for the head of a request, and between two requests.
    pub head: Duration,
    /// At shutdown, for how long requests may be finished.
    pub shutdown: Duration,
}

/// Between two tries when the system has no file descriptor left for another connection.
const BREATH: Duration = Duration::from_millis(50);

/// Answers requests with `router` until `stop`; then finishes those under way.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let mut stop = pin!(stop);
    let places = Arc::new(Semaphore::new(limits.connections));
    let connections = GracefulShutdown::new();
    loop {
        let next = tokio::select! {
            biased;
            () = &mut stop => break,
            next = next_connection(&listener, &places) => next,
        };
        match next {
            Ok((stream, from, place)) => {
                answer(stream, from, place, router.clone(), limits, &connections);
            }
            Err(error) if is_of_the_client(&error) => {}
            Err(error) => {
                tracing::error!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
    // From here on the system refuses new connections.
    drop(listener);
    tokio::select! {
        () = connections.shutdown() => {}
        () = tokio::time::sleep(limits.shutdown) => {
            tracing::warn!("some requests were not finished in time and are cut off");
        }
    }
}

/// The next connection, once there is a place for it.
async fn next_connection(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places)
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, from) = listener.accept().await?;
    Ok((stream, from, place))
}

fn answer(
    stream: TcpStream,
    from: SocketAddr,
    place: OwnedSemaphorePermit,
    router: Router,
    limits: Limits,
    connections: &GracefulShutdown,
) {
    // Small answers go out at once.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(from));
        router.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .serve_connection(TokioIo::new(stream), service);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            // Clients that go away or send what is not HTTP: their business.
            tracing::debug!(%error, "a connection ended early");
        }
        drop(place);
    });
}

/// Errors that belong to one connection only, which was gone before it was accepted.
fn is_of_the_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}
