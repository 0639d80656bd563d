//! Forms of other sites must not act here. Two lines of defence: what the browser says about where a request comes
//! from, and a token that only a page of this very session carries.

use actix_web::HttpRequest;
use actix_web::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use accounts::secrets::LinkKey;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The token of the browser that holds `cookie` (its session's or guest's secret).
#[expect(clippy::expect_used, reason = "HMAC takes keys of every length (RFC 2104 section 3)")]
pub(crate) fn token(key: &LinkKey, cookie: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.text().as_bytes()).expect("a key of any length fits");
    mac.update(b"form token\n");
    mac.update(cookie.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// Whether `given` is the token of `cookie`.
pub(crate) fn matches(key: &LinkKey, cookie: &str, given: &str) -> bool {
    token(key, cookie).as_bytes().ct_eq(given.as_bytes()).into()
}

/// Whether `method` only reads.
pub(crate) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether the browser says that a page of this site made the request. Old browsers send only `Origin`; programs
/// send neither and are judged by the token alone.
pub(crate) fn comes_from_here(request: &HttpRequest, base_url: &str) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match header("sec-fetch-site") {
        Some("same-origin" | "none") => true,
        Some(_) => false,
        None => header("origin").is_none_or(|origin| origin == base_url),
    }
}
