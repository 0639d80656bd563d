//! A desk where a mail server hands notices in over LMTP (RFC 2033), instead of leaving them in a maildir. It takes mail for
//! return paths of ours and for the bounce mailbox itself, and for nobody else: that is said at RCPT, before anything is
//! sent. Each recipient gets an answer of its own, after what their copy says has been committed; while the database does
//! not answer the server keeps the mail and comes back (451).
//!
//! Nothing that is handed in disappears: what people may have to read is refused (554), so that whoever wrote it hears so
//! from their own server. Connections, sizes, recipients and waits are bounded.

use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use db::Db;
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::oneshot;

use super::Fate;
use super::intake::MOST_BYTES;
use super::return_path::ReturnPath;
use crate::sink::{Door, Limits, Mailbox, Offer, Protocol, ReceivedMail, Refusal, Serving, SinkConfig};

/// What the desk bears: more than a mail server of one town needs, and no more than this process can.
const LIMITS: Limits = Limits {
    connections: 20,
    idle: Duration::from_mins(1),
    message: Duration::from_mins(2),
    message_octets: MOST_BYTES,
    recipients: 20,
    errors: 10,
};

/// Where the desk stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counter {
    /// At an address of this machine; nobody signs in, so loopback only.
    Address(SocketAddr),
    /// At a socket in the file system: whoever may enter its directory may hand in.
    Socket(PathBuf),
}

/// A running desk.
#[derive(Debug)]
pub struct Desk {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
    address: Option<SocketAddr>,
}

impl Desk {
    /// Opens it. `db` is the role that works inside a town. An error: nobody can stand there.
    pub fn open(db: Db, return_path: ReturnPath, counter: &Counter) -> io::Result<Self> {
        Self::open_within(db, return_path, counter, LIMITS)
    }

    pub(super) fn open_within(
        db: Db,
        return_path: ReturnPath,
        counter: &Counter,
        limits: Limits,
    ) -> io::Result<Self> {
        let (counter, address) = Bound::at(counter)?;
        let config = SinkConfig {
            protocol: Protocol::Lmtp,
            name: return_path.domain().to_owned(),
            offers: vec![
                Offer::Pipelining,
                Offer::Size,
                Offer::EightBitMime,
                Offer::SmtpUtf8,
                Offer::EnhancedStatusCodes,
            ],
            limits,
            ..SinkConfig::new(Arc::new(Clerk { db, return_path }))
        };
        let (stop, stopped) = oneshot::channel();
        let (told, opened) = mpsc::channel();
        // Whoever opens the desk may be a runtime already, in which no other can be waited for.
        let thread = std::thread::Builder::new().name("bounces".to_owned()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = match runtime {
                Ok(runtime) => runtime,
                Err(error) => return drop(told.send(Err(error))),
            };
            runtime.block_on(async move {
                let serving = match counter.door() {
                    Ok(door) => Serving::at(door, config),
                    Err(error) => return drop(told.send(Err(error))),
                };
                drop(told.send(Ok(())));
                // Asked to stop, or forgotten.
                drop(stopped.await);
                serving.shutdown().await;
            });
        })?;
        opened.recv().map_err(io::Error::other)??;
        Ok(Self { stop, thread, address })
    }

    /// The address it stands at, if it has one.
    pub fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// Cuts every conversation; a notice being taken is taken. What was not answered the server hands in again.
    pub fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            log::error!("the thread that takes notices panicked");
        }
    }
}

/// A place that is taken and where nobody is served yet.
enum Bound {
    Address(std::net::TcpListener),
    Socket(std::os::unix::net::UnixListener),
}

impl Bound {
    /// With its address, if it has one.
    fn at(counter: &Counter) -> io::Result<(Self, Option<SocketAddr>)> {
        match counter {
            Counter::Address(address) => {
                let listener = std::net::TcpListener::bind(address)?;
                listener.set_nonblocking(true)?;
                let address = listener.local_addr()?;
                Ok((Self::Address(listener), Some(address)))
            }
            Counter::Socket(path) => {
                clear(path)?;
                let listener = std::os::unix::net::UnixListener::bind(path)?;
                listener.set_nonblocking(true)?;
                // The mail server is another user; the directory says who may come near.
                std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o666))?;
                Ok((Self::Socket(listener), None))
            }
        }
    }

    /// Within the runtime that will serve.
    fn door(self) -> io::Result<Door> {
        Ok(match self {
            Self::Address(listener) => Door::Tcp(TcpListener::from_std(listener)?),
            Self::Socket(listener) => Door::Unix(UnixListener::from_std(listener)?),
        })
    }
}

/// Removes the socket of a process that has gone; one that answers, and whatever is no socket, stays.
fn clear(path: &Path) -> io::Result<()> {
    let is_socket = std::fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket());
    if is_socket && std::os::unix::net::UnixStream::connect(path).is_err() {
        std::fs::remove_file(path)?;
    }
    Ok(())
}

struct Clerk {
    db: Db,
    return_path: ReturnPath,
}

impl Mailbox for Clerk {
    fn admits(&self, address: &str) -> Result<(), Refusal> {
        let ours = self.return_path.read(address).is_some() || self.return_path.is_of(address);
        if ours { Ok(()) } else { Err(Refusal::no_such_mailbox()) }
    }

    fn deliver(&self, mail: ReceivedMail) -> Result<(), Refusal> {
        match super::receive(&self.db, &as_delivered(&mail), &self.return_path) {
            Ok(Fate::ForPeople) => Err(Refusal::never("nobody reads mail to this address")),
            Ok(Fate::TooEarly) => Err(Refusal::try_later("the mail it is about is on its way still")),
            Ok(fate) => {
                log::info!(fate:? = fate; "a mail was handed in for the bounce mailbox");
                Ok(())
            }
            Err(error) => {
                log::warn!("a notice cannot be taken now and is left with the mail server: {error}");
                Err(Refusal::try_later("the database does not answer"))
            }
        }
    }
}

/// With the envelope written in front, as a mail server does when it delivers into a maildir.
fn as_delivered(mail: &ReceivedMail) -> Vec<u8> {
    let from = mail.from.as_deref().unwrap_or_default();
    let mut bytes = format!("Return-Path: <{from}>\r\n").into_bytes();
    for recipient in &mail.recipients {
        bytes.extend_from_slice(format!("Delivered-To: {recipient}\r\n").as_bytes());
    }
    bytes.extend_from_slice(&mail.message);
    bytes
}
