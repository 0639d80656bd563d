//! The link's secret: in the mail's address once, in a cookie from then on, in the log never.

use std::rc::Rc;

use accounts::organizations::{self, Organization};
use accounts::secrets::OrgSecret;
use actix_web::HttpResponse;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::{acceptance, invoice_sendings};
use kernel::{Actor, Code, Language, Scope};
use sales::sendings;
use serde::Serialize;

use crate::app::App;
use crate::call::Call;
use crate::failure::Failure;

/// What a link of ours leads to. A browser may hold one of each at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    /// A delivery, by `/c/{secret}`.
    Delivery,
    /// A quote, by `/q/{secret}`.
    Quote,
    /// An invoice, by `/b/{secret}`.
    Bill,
}

impl Door {
    /// The door of the route that was asked for.
    fn of(call: &Call) -> Self {
        match call.route.path.as_bytes() {
            [b'/', b'q', ..] => Self::Quote,
            [b'/', b'b', ..] => Self::Bill,
            _ => Self::Delivery,
        }
    }

    /// The page behind it.
    const fn page(self) -> &'static str {
        match self {
            Self::Delivery => "/delivery",
            Self::Quote => "/quote",
            Self::Bill => "/bill",
        }
    }

    /// The cookie's name. `__Host-` binds it to this host; browsers allow that only over TLS.
    fn cookie_name(self, app: &App) -> &'static str {
        match (self, app.is_secure()) {
            (Self::Delivery, true) => "__Host-yui-delivery",
            (Self::Delivery, false) => "yui-delivery",
            (Self::Quote, true) => "__Host-yui-quote",
            (Self::Quote, false) => "yui-quote",
            (Self::Bill, true) => "__Host-yui-bill",
            (Self::Bill, false) => "yui-bill",
        }
    }

    /// The page that says that a link opens nothing any more.
    const fn gone(self) -> (&'static str, &'static str) {
        match self {
            Self::Delivery => ("client/gone.html", "client-gone-title"),
            Self::Quote => ("client/quote_gone.html", "client-gone-title"),
            Self::Bill => ("client/bill_gone.html", "client-gone-title"),
        }
    }

    /// The language of whom a link was sent to; nobody's where it opens nothing any more.
    fn language(self, tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Option<Language>, Failure> {
        let found = match self {
            Self::Delivery => acceptance::language(tx, secret).map_err(Failure::from),
            Self::Quote => sendings::language(tx, secret).map_err(Failure::from),
            Self::Bill => invoice_sendings::language(tx, secret).map_err(Failure::from),
        };
        match found {
            Ok(language) => Ok(Some(language)),
            Err(failure) if failure.code == Code::LinkGone => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

/// The cookie that opens the page until the browser closes. Lax, because its first use follows a click in a mail.
fn cookie<'c>(app: &App, door: Door, secret: &OrgSecret) -> Cookie<'c> {
    Cookie::build(door.cookie_name(app), secret.text())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.is_secure())
        .finish()
}

/// `GET /c/{secret}`, `GET /q/{secret}` and `GET /b/{secret}`: the secret leaves the address bar, and nothing else happens. Whether it opens anything is found
/// out on the page itself.
pub(super) fn enter(call: &Call) -> Result<HttpResponse, Failure> {
    let secret = OrgSecret::parse(call.segment("secret")?).ok_or_else(|| Failure::of(Code::LinkGone))?;
    let door = Door::of(call);
    let mut response = call.see_other(door.page());
    call.add_cookie(&mut response, &cookie(&call.app, door, &secret));
    Ok(response)
}

/// The secret of the link this browser opened last.
pub(super) fn secret(call: &Call) -> Result<OrgSecret, Failure> {
    let cookie = call.request.cookie(Door::of(call).cookie_name(&call.app));
    cookie.and_then(|cookie| OrgSecret::parse(cookie.value())).ok_or_else(|| Failure::of(Code::LinkGone))
}

/// The town that the link names and the language of whom it was sent to, which is nobody's where the link opens
/// nothing any more. `None` where no town is named.
pub(super) async fn host(call: &Call) -> Result<Option<(Organization, Option<Language>)>, Failure> {
    let door = Door::of(call);
    let met = run(call, move |tx, secret| -> Result<_, Failure> {
        Ok((organizations::find(tx)?, door.language(tx, secret)?))
    });
    match met.await {
        Ok(met) => Ok(Some(met)),
        Err(failure) if matches!(failure.code, Code::LinkGone | Code::NotFound) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Runs `work` in the town that the secret names, as somebody from outside, whoever else may be signed in.
pub(super) async fn run<T, E, F>(call: &Call, work: F) -> Result<T, Failure>
where
    T: Send + 'static,
    E: From<DbError> + Into<Failure> + Send + 'static,
    F: FnOnce(&mut Tx<'_>, &OrgSecret) -> Result<T, E> + Send + 'static,
{
    let secret = secret(call)?;
    call.app.db.run(scope(call, &secret), move |tx| work(tx, &secret)).await.map_err(Into::into)
}

/// The town that the secret names, before somebody from outside.
pub(super) fn scope(call: &Call, secret: &OrgSecret) -> Scope {
    Scope { organization: secret.organization(), actor: Actor::Outside, request: call.request_id }
}

#[derive(Serialize)]
struct GonePage {
    title: String,
}

/// Unknown, expired and withdrawn links get one and the same friendly page.
pub(super) fn friendly(
    call: &Rc<Call>,
    answer: Result<HttpResponse, Failure>,
) -> Result<HttpResponse, Failure> {
    match answer {
        Err(failure) if failure.code == Code::LinkGone => {
            let (template, title) = Door::of(call).gone();
            let page = GonePage { title: call.text(title) };
            call.page_with(StatusCode::NOT_FOUND, template, &page)
        }
        other => other,
    }
}
