//! One HTTP request to somebody else's server. The connection is ours, made to an address that was judged; hyper speaks
//! HTTP on it and nothing more: no redirect is followed, no cookie kept, no proxy asked, no body read, and everything
//! together has a bound.

use std::net::SocketAddr;
use std::time::Duration;

use hyper::Request;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::rustls::pki_types::ServerName;

use super::target::{Reach, Target};
use crate::smtp::Trust;

/// Look-up, connection, request and answer together.
const BOUND: Duration = Duration::from_secs(10);
/// The head of an answer, in bytes; hyper takes no less than 8 KiB.
const MOST_READ: usize = 16 * 1024;
/// Addresses of one name that are tried.
const ADDRESSES: usize = 3;

/// Why nobody answered. What it says is shown to administrators and stands in the log: no name and no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PostError {
    /// The address cannot be used, or its name leads nowhere that may be reached.
    #[error("the name leads to no address of the public internet")]
    NotReachable,
    /// It took too long.
    #[error("no answer within 10 seconds")]
    TooLong,
    /// The network, or TLS.
    #[error("no connection: {0}")]
    Network(String),
    /// What came is no answer of HTTP, or too long a one.
    #[error("the answer is not HTTP")]
    NotHttp,
}

/// Posts `body` with `headers` (names and values are ours, without line ends) and gives back the status.
pub(crate) async fn post(
    target: &Target,
    reach: Reach,
    trust: &Trust,
    headers: &[(&str, String)],
    body: &str,
) -> Result<u16, PostError> {
    timeout(BOUND, exchange(target, reach, trust, headers, body)).await.unwrap_or(Err(PostError::TooLong))
}

async fn exchange(
    target: &Target,
    reach: Reach,
    trust: &Trust,
    headers: &[(&str, String)],
    body: &str,
) -> Result<u16, PostError> {
    let request = request(target, headers, body)?;
    let stream = connect(target, reach).await?;
    if !target.is_tls {
        return converse(stream, request).await;
    }
    let name = ServerName::try_from(target.host.clone()).map_err(|_no_name| PostError::NotReachable)?;
    let stream = trust.connector().connect(name, stream).await.map_err(network)?;
    converse(stream, request).await
}

/// The name is looked up once, and only what was judged is connected to.
async fn connect(target: &Target, reach: Reach) -> Result<TcpStream, PostError> {
    // The system's own words for that are "uncategorized error".
    let found = lookup_host((target.host.as_str(), target.port))
        .await
        .map_err(|_unfound| PostError::Network("its name was not found".to_owned()))?;
    let is_allowed = |address: &SocketAddr| reach.allows(address.ip(), target.is_tls);
    let mut last = PostError::NotReachable;
    for address in found.filter(is_allowed).take(ADDRESSES) {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = network(error),
        }
    }
    Err(last)
}

fn request(target: &Target, headers: &[(&str, String)], body: &str) -> Result<Request<String>, PostError> {
    let mut request = Request::post(target.path.as_str())
        .header(hyper::header::HOST, target.authority())
        .header(hyper::header::CONNECTION, "close");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    request.body(body.to_owned()).map_err(|_refused| PostError::NotReachable)
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    request: Request<String>,
) -> Result<u16, PostError> {
    let mut http = http1::Builder::new();
    http.max_buf_size(MOST_READ);
    let (mut sender, connection) = http.handshake(TokioIo::new(stream)).await.map_err(spoken)?;
    let answer = sender.send_request(request);
    tokio::pin!(answer, connection);
    let answered = tokio::select! {
        answered = &mut answer => answered,
        // Its end decides: either an answer lies ready, or none will come.
        _ended = &mut connection => answer.await,
    };
    // Nothing of its body is read: dropping the connection closes it.
    Ok(answered.map_err(spoken)?.status().as_u16())
}

fn network(error: std::io::Error) -> PostError {
    PostError::Network(error.kind().to_string())
}

fn spoken(error: hyper::Error) -> PostError {
    if error.is_parse() {
        return PostError::NotHttp;
    }
    PostError::Network("it was closed before an answer came".to_owned())
}
