//! The connection to an address that was judged.

use std::{future::Future, io, net::SocketAddr, pin::Pin};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};

/// A connection, in whatever way it came about.
pub type Dialed = Box<dyn Wire>;

/// What can be read and written.
pub trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// Connects to addresses. It gets addresses, never names: nothing is resolved a second time.
pub trait Dial: Send + Sync {
    /// A connection to this very address.
    fn dial(
        &self,
        address: SocketAddr,
    ) -> Pin<Box<dyn Future<Output = io::Result<Dialed>> + Send + '_>>;
}

/// Connects by TCP.
pub struct TcpDial;

impl Dial for TcpDial {
    fn dial(
        &self,
        address: SocketAddr,
    ) -> Pin<Box<dyn Future<Output = io::Result<Dialed>> + Send + '_>> {
        Box::pin(async move {
            let stream = TcpStream::connect(address).await?;
            Ok(Box::new(stream) as Dialed)
        })
    }
}
