//! Accepts connections, a bounded number at a time.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use super::conversation::{Greeting, converse};
use super::settings::SinkConfig;

/// How long a client that comes too many is told so.
const FAREWELL: Duration = Duration::from_secs(2);

/// Starts sinks.
pub struct Sink;

impl Sink {
    /// Listens and serves in the current tokio runtime until the handle is dropped or shut down.
    pub async fn start(config: SinkConfig) -> io::Result<SinkHandle> {
        let listener = TcpListener::bind(config.listen).await?;
        let address = listener.local_addr()?;
        Ok(SinkHandle { address, serving: Serving::at(Door::Tcp(listener), config) })
    }
}

/// Where clients come in.
#[derive(Debug)]
pub enum Door {
    /// At an address.
    Tcp(TcpListener),
    /// At a socket in the file system.
    Unix(UnixListener),
}

/// A client, however it came.
trait Client: AsyncRead + AsyncWrite + Unpin + Send + Sync {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + Sync> Client for S {}

impl Door {
    async fn accept(&self) -> io::Result<Box<dyn Client>> {
        match self {
            Self::Tcp(listener) => {
                let (stream, _from) = listener.accept().await?;
                // Fails where the client has gone already, and then its conversation finds out.
                drop(stream.set_nodelay(true));
                Ok(Box::new(stream))
            }
            Self::Unix(listener) => Ok(Box::new(listener.accept().await?.0)),
        }
    }
}

/// A running sink; dropping it closes the listener and every connection.
pub struct SinkHandle {
    address: SocketAddr,
    serving: Serving,
}

impl SinkHandle {
    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// Connections accepted so far.
    pub fn connections(&self) -> u64 {
        self.serving.connections.load(Ordering::Relaxed)
    }

    /// Closes the listener and cuts every connection. A mail being stored may be stored without the client hearing so.
    pub async fn shutdown(self) {
        self.serving.shutdown().await;
    }
}

/// What serves a door; dropping it closes the door and every connection.
#[derive(Debug)]
pub struct Serving {
    connections: Arc<AtomicU64>,
    serving: JoinHandle<()>,
}

impl Serving {
    /// Serves in the current tokio runtime whoever comes in; where `config` would listen does not matter.
    pub fn at(door: Door, config: SinkConfig) -> Self {
        let connections = Arc::new(AtomicU64::new(0));
        let serving = tokio::spawn(serve(door, Arc::new(config), Arc::clone(&connections)));
        Self { connections, serving }
    }

    /// Closes the door and cuts every connection.
    pub async fn shutdown(mut self) {
        self.serving.abort();
        // Cancelled is what it should be.
        drop((&mut self.serving).await);
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(door: Door, config: Arc<SinkConfig>, connections: Arc<AtomicU64>) {
    let places = Arc::new(Semaphore::new(config.limits.connections));
    // Dropped with this task, and with it every conversation.
    let mut conversations = JoinSet::new();
    loop {
        let stream = match door.accept().await {
            Ok(stream) => stream,
            Err(error) => {
                // Out of descriptors, or a client gone before it was accepted: pause, then go on.
                log::warn!(kind:% = error.kind(); "{} could not accept a connection", config.name);
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        while conversations.try_join_next().is_some() {}
        let number = connections.fetch_add(1, Ordering::Relaxed) + 1;
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            conversations.spawn(send_away(stream));
            continue;
        };
        let config = Arc::clone(&config);
        conversations.spawn(async move {
            converse(stream, config, number, Greeting::Banner).await;
            drop(place);
        });
    }
}

async fn send_away(mut stream: Box<dyn Client>) {
    let words = b"421 4.3.2 too many connections, try later\r\n";
    drop(timeout(FAREWELL, stream.write_all(words)).await);
}
