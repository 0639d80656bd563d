//! Signing in and out. The answer to a wrong password, an unknown and a disabled account is the same.

use std::rc::Rc;
use std::sync::Arc;

use accounts::OrgSecret;
use accounts::organizations::{self, TownEntry};
use accounts::sessions::{self, SessionLimits};
use accounts::sign_in::{self, Browser, SignInError};
use actix_web::HttpResponse;
use actix_web::http::header;
use kernel::{Actor, Code, Language, Scope};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::phrases::address;
use crate::session;

/// The town of an address `/t/{town}/…`.
pub(crate) async fn town_of(call: &Call) -> Result<TownEntry, Failure> {
    let slug = call.segment("town")?.to_owned();
    let towns = call.app.db.lobby(organizations::directory).await?;
    towns.into_iter().find(|town| town.slug == slug).ok_or_else(Failure::not_found)
}

/// The towns to whose doors people are led.
async fn doors(call: &Call) -> Result<Vec<TownEntry>, Failure> {
    let towns = call.app.db.lobby(organizations::directory).await?;
    Ok(towns.into_iter().filter(|town| !town.is_next_door()).collect())
}

/// The scope of somebody outside who stands before a town's door.
pub(crate) fn outside(call: &Call, organization: kernel::OrganizationId) -> Scope {
    Scope { organization, actor: Actor::Outside, request: call.request_id }
}

#[derive(Serialize)]
struct FrontPage {
    title: String,
    towns: Vec<TownLink>,
}

#[derive(Serialize)]
struct TownLink {
    name: String,
    href: String,
    is_demo: bool,
}

/// `GET /` for somebody who is not signed in: the only town's sign-in, a choice of towns, or the set-up.
pub(crate) async fn front(call: &Call) -> Result<HttpResponse, Failure> {
    let towns = doors(call).await?;
    let back = asked_for(call);
    match towns.as_slice() {
        [] => Ok(call.see_other("/setup")),
        [only] => Ok(call.see_other(sign_in_at(&only.slug, &back))),
        _ => call.page("sign_in/front.html", &front_page(call, towns, &back)),
    }
}

/// The sign-in in place of a page that somebody who is not signed in has asked for, and which it leads on to: of the town
/// of the session that has ended, else of the only town; where there are several, their choice.
pub(crate) async fn instead(call: &Call) -> Result<HttpResponse, Failure> {
    let towns = doors(call).await?;
    let ended = call.session_secret().map(|secret| secret.organization());
    let known = towns.iter().find(|town| Some(town.id) == ended);
    let status = Failure::signed_out().status();
    match (known, towns.as_slice()) {
        (Some(town), _) | (None, [town]) => {
            let form = Form::default().preset("back", call.asked());
            call.page_with(status, "sign_in/new.html", &sign_in_page(call, town, &form, None))
        }
        _ => call.page_with(status, "sign_in/front.html", &front_page(call, towns, &call.asked())),
    }
}

fn front_page(call: &Call, towns: Vec<TownEntry>, back: &str) -> FrontPage {
    let link = |town: TownEntry| TownLink {
        href: sign_in_at(&town.slug, back),
        is_demo: town.kind == organizations::TownKind::Demo,
        name: town.name,
    };
    FrontPage { title: call.text("front-title"), towns: towns.into_iter().map(link).collect() }
}

/// The page that was asked for before signing in: a path of this site, empty where none was.
fn asked_for(call: &Call) -> String {
    let query = Form::parse(call.request.query_string().as_bytes());
    let back = local_path(query.get("back"));
    if back == "/" { String::new() } else { back.to_owned() }
}

/// A town's sign-in, which leads on to `back`.
fn sign_in_at(slug: &str, back: &str) -> String {
    address(&format!("/t/{slug}/sign-in"), &[("back", back)])
}

#[derive(Serialize)]
struct SignInPage {
    title: String,
    town: String,
    action: String,
    /// The page that was asked for; empty for the home page.
    back: String,
    forgot: String,
    form: FormView,
}

fn sign_in_page(call: &Call, town: &TownEntry, form: &Form, failure: Option<&Failure>) -> SignInPage {
    SignInPage {
        title: call.text("sign-in-title"),
        town: town.name.clone(),
        action: format!("/t/{}/sign-in", town.slug),
        back: form.get("back").to_owned(),
        forgot: format!("/t/{}/forgot", town.slug),
        form: form.view(call, failure),
    }
}

/// `GET /t/{town}/sign-in`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let town = town_of(&call).await?;
    let form = Form::default().preset("back", asked_for(&call));
    call.page("sign_in/new.html", &sign_in_page(&call, &town, &form, None))
}

/// `POST /t/{town}/sign-in`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let town = town_of(&call).await?;
    let form = call.form();
    match attempt(&call, &town, &form).await {
        Ok(secret) => {
            let mut response = call.see_other(local_path(form.get("back")));
            call.add_cookie(&mut response, &session::signed_in(&call.app, &secret.text()));
            Ok(response)
        }
        Err(failure) if matches!(failure.code, Code::BadCredentials | Code::TooManyTries | Code::Busy) => {
            let kept = Form::default().preset("email", form.get("email")).preset("back", form.get("back"));
            let page = sign_in_page(&call, &town, &kept, Some(&failure));
            let mut response = call.page_with(failure.status(), "sign_in/new.html", &page)?;
            failure.say_when_to_retry(&mut response);
            Ok(response)
        }
        Err(failure) => Err(failure),
    }
}

/// Three steps, because comparing a password takes tens of milliseconds that no transaction may wait for.
async fn attempt(call: &Call, town: &TownEntry, form: &Form) -> Result<OrgSecret, Failure> {
    let seat = call.app.hashing.seat().await?;
    let scope = outside(call, town.id);
    let (email, address) = (form.get("email").to_owned(), call.network_address());
    let challenge =
        call.app.db.run(scope, move |tx| sign_in::begin(tx, &email, &address)).await.map_err(with_retry)?;
    let password = form.get("password").to_owned();
    let proof = seat.run(move || challenge.answer(&password)).await?.map_err(with_retry)?;
    let agent = call.user_agent();
    let previous = call.session_secret();
    let opened = call
        .app
        .db
        .run(scope, move |tx| {
            let browser = Browser { user_agent: &agent, previous: previous.as_ref() };
            sign_in::finish(tx, proof, browser, &SessionLimits::default())
        })
        .await
        .map_err(with_retry)?;
    Ok(opened.secret)
}

fn with_retry(error: SignInError) -> Failure {
    let wait = match &error {
        SignInError::TooManyTries { retry_after } | SignInError::BadCredentials { retry_after } => {
            retry_after.as_secs()
        }
        SignInError::Db(_) => 0,
    };
    let mut failure = Failure::from(error);
    failure.retry_after = (wait > 0).then_some(wait);
    failure
}

/// `POST /sign-out`
pub(crate) async fn destroy(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    if let Some(secret) = call.session_secret() {
        let secret = Arc::new(secret);
        call.db(move |tx| sessions::sign_out(tx, &secret)).await?;
    }
    let mut response = call.see_other("/");
    call.add_cookie(&mut response, &session::signed_out(&call.app));
    let clear = header::HeaderName::from_static("clear-site-data");
    response.headers_mut().insert(clear, header::HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

/// `GET /language/{language}?back=/…`: a guest's choice; only a cookie changes.
pub(crate) async fn language(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let language: Language = call.id("language")?;
    let query = Form::parse(call.request.query_string().as_bytes());
    let mut response = call.see_other(local_path(query.get("back")));
    call.add_cookie(&mut response, &session::language(&call.app, language));
    Ok(response)
}

/// A path on this site, or the front page: no address given by others leads away. Browsers read a backslash as a slash, and
/// leave tabs and line ends out of an address (WHATWG URL).
pub(crate) fn local_path(given: &str) -> &str {
    let is_odd = |character: char| character == '\\' || character.is_control();
    let local = given.starts_with('/') && !given.starts_with("//") && !given.contains(is_odd);
    if local { given } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn nobody_is_led_away() {
        for given in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "javascript:alert(1)",
            "/a\r\nb",
            "/\t/evil.example",
            "/\u{b}/evil.example",
        ] {
            assert_eq!(local_path(given), "/", "{given}");
        }
        assert_eq!(local_path("/deals/3?x=1"), "/deals/3?x=1");
    }
}
