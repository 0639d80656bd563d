//! Accepts connections, a bounded number at a time.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
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
        let connections = Arc::new(AtomicU64::new(0));
        let serving = tokio::spawn(serve(listener, Arc::new(config), Arc::clone(&connections)));
        Ok(SinkHandle { address, connections, serving })
    }
}

/// A running sink; dropping it closes the listener and every connection.
pub struct SinkHandle {
    address: SocketAddr,
    connections: Arc<AtomicU64>,
    serving: JoinHandle<()>,
}

impl SinkHandle {
    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// Connections accepted so far.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    /// Closes the listener and cuts every connection. A mail being stored may be stored without the client hearing so.
    pub async fn shutdown(mut self) {
        self.serving.abort();
        // Cancelled is what it should be.
        drop((&mut self.serving).await);
    }
}

impl Drop for SinkHandle {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, config: Arc<SinkConfig>, connections: Arc<AtomicU64>) {
    let places = Arc::new(Semaphore::new(config.limits.connections));
    // Dropped with this task, and with it every conversation.
    let mut conversations = JoinSet::new();
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _from)) => stream,
            Err(error) => {
                // Out of descriptors, or a client gone before it was accepted: pause, then go on.
                log::warn!(kind:% = error.kind(); "sandbox mailbox could not accept a connection");
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
            if stream.set_nodelay(true).is_ok() {
                converse(stream, config, number, Greeting::Banner).await;
            }
            drop(place);
        });
    }
}

async fn send_away(mut stream: TcpStream) {
    let words = b"421 4.3.2 too many connections, try later\r\n";
    drop(timeout(FAREWELL, stream.write_all(words)).await);
}
