//! The link's secret: in the mail's address once, in a cookie from then on, in the log never.

use std::rc::Rc;

use accounts::organizations::{self, Organization};
use accounts::secrets::OrgSecret;
use actix_web::HttpResponse;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::acceptance::{self, AcceptError};
use kernel::{Actor, Code, Language, Scope};
use serde::Serialize;

use crate::app::App;
use crate::call::Call;
use crate::failure::Failure;

/// The cookie's name. `__Host-` binds it to this host; browsers allow that only over TLS.
fn cookie_name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-yui-delivery" } else { "yui-delivery" }
}

/// The cookie that opens `/delivery` until the browser closes. Lax, because its first use follows a click in a mail.
pub(super) fn cookie<'c>(app: &App, secret: &OrgSecret) -> Cookie<'c> {
    Cookie::build(cookie_name(app), secret.text())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.is_secure())
        .finish()
}

/// `GET /c/{secret}`: the secret leaves the address bar, and nothing else happens. Whether it opens anything is found
/// out on the page itself.
pub(super) fn enter(call: &Call) -> Result<HttpResponse, Failure> {
    let secret = OrgSecret::parse(call.segment("secret")?).ok_or_else(|| Failure::of(Code::LinkGone))?;
    let mut response = call.see_other("/delivery");
    call.add_cookie(&mut response, &cookie(&call.app, &secret));
    Ok(response)
}

/// The secret of the link this browser opened last.
pub(super) fn secret(call: &Call) -> Result<OrgSecret, Failure> {
    let cookie = call.request.cookie(cookie_name(&call.app));
    cookie.and_then(|cookie| OrgSecret::parse(cookie.value())).ok_or_else(|| Failure::of(Code::LinkGone))
}

/// The town that the link names and the language of whom it was sent to, which is nobody's where the link opens
/// nothing any more. `None` where no town is named.
pub(super) async fn host(call: &Call) -> Result<Option<(Organization, Option<Language>)>, Failure> {
    let met = run(call, |tx, secret| -> Result<_, AcceptError> {
        let town = organizations::find(tx)?;
        match acceptance::language(tx, secret) {
            Ok(language) => Ok((town, Some(language))),
            Err(AcceptError::LinkGone) => Ok((town, None)),
            Err(error) => Err(error),
        }
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
    let scope =
        Scope { organization: secret.organization(), actor: Actor::Outside, request: call.request_id };
    call.app.db.run(scope, move |tx| work(tx, &secret)).await.map_err(Into::into)
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
            let page = GonePage { title: call.text("client-gone-title") };
            call.page_with(StatusCode::NOT_FOUND, "client/gone.html", &page)
        }
        other => other,
    }
}
