//! Cookies: the session's secret, a guest's form-token seed, the reader's language before sign-in, and what the
//! last action did.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use kernel::Language;

use crate::app::App;

/// The session cookie's name. `__Host-` binds it to this host and path; browsers allow that only over TLS.
pub(crate) fn session_name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-yui" } else { "yui" }
}

/// The name of the cookie that seeds form tokens before anyone is signed in.
pub(crate) fn guest_name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-yui-guest" } else { "yui-guest" }
}

fn cookie<'c>(name: &'static str, value: String, secure: bool) -> Cookie<'c> {
    Cookie::build(name, value).path("/").http_only(true).same_site(SameSite::Lax).secure(secure).finish()
}

/// The session's secret, until the browser closes or the session ends.
pub(crate) fn signed_in<'c>(app: &App, secret: &str) -> Cookie<'c> {
    cookie(session_name(app), secret.to_owned(), app.is_secure())
}

/// Takes the session's secret away.
pub(crate) fn signed_out<'c>(app: &App) -> Cookie<'c> {
    ended(session_name(app), app.is_secure())
}

/// A guest's form-token seed.
pub(crate) fn guest<'c>(app: &App, seed: &str) -> Cookie<'c> {
    cookie(guest_name(app), seed.to_owned(), app.is_secure())
}

fn ended<'c>(name: &'static str, secure: bool) -> Cookie<'c> {
    let mut gone = cookie(name, String::new(), secure);
    gone.set_max_age(Duration::ZERO);
    gone
}

const LANGUAGE: &str = "yui-lang";

/// Remembers the language a guest chose.
pub(crate) fn language<'c>(app: &App, language: Language) -> Cookie<'c> {
    let mut chosen = cookie(LANGUAGE, language.to_string(), app.is_secure());
    chosen.set_max_age(Duration::days(365));
    chosen
}

/// The language somebody chose in this browser.
pub(crate) fn chosen_language(request: &HttpRequest) -> Option<Language> {
    request.cookie(LANGUAGE).and_then(|cookie| cookie.value().parse().ok())
}

/// A guest's language: chosen, or the browser's.
pub(crate) fn guest_language(request: &HttpRequest) -> Language {
    if let Some(chosen) = chosen_language(request) {
        return chosen;
    }
    let header = request.headers().get(actix_web::http::header::ACCEPT_LANGUAGE);
    header.and_then(|value| value.to_str().ok()).map_or(Language::Ja, Language::from_accept_header)
}

const FLASH: &str = "yui-flash";

/// What the last action did, said once on the next page: a kind and the key of a text, never text itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flash {
    pub(crate) kind: &'static str,
    pub(crate) key: String,
}

impl Flash {
    pub(crate) fn success(key: &str) -> Self {
        Self { kind: "success", key: key.to_owned() }
    }

    pub(crate) fn info(key: &str) -> Self {
        Self { kind: "info", key: key.to_owned() }
    }

    pub(crate) fn cookie<'c>(&self, secure: bool) -> Cookie<'c> {
        cookie(FLASH, format!("{}:{}", self.kind, self.key), secure)
    }

    pub(crate) fn cleared<'c>(secure: bool) -> Cookie<'c> {
        ended(FLASH, secure)
    }

    /// The flash of a request; a made-up one that names no text of ours shows nothing.
    pub(crate) fn of(request: &HttpRequest) -> Option<Self> {
        let cookie = request.cookie(FLASH)?;
        let (kind, key) = cookie.value().split_once(':')?;
        let kind = ["success", "warning", "info", "error"].into_iter().find(|known| *known == kind)?;
        let plain = key.starts_with("done-") && key.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        plain.then(|| Self { kind, key: key.to_owned() })
    }
}
