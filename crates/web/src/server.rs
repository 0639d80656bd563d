//! From an HTTP request to a [`Call`]: the one place that reads sessions, checks form tokens and roles, and turns
//! failures into answers.

use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header;
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{FromRequest as _, HttpRequest, HttpResponse};
use kernel::{Actor, Code, OrganizationId, RequestId, Scope};

use accounts::secrets::{OrgSecret, Secret};
use accounts::{api_tokens, organizations};

use crate::access::Access;
use crate::app::App;
use crate::call::Call;
use crate::failure::Failure;
use crate::route::Route;
use crate::routes::ROUTES;
use crate::visitor::{self, Visitor};
use crate::{csrf, headers, session, sign_in, uploads};

/// Registers every route of the table, and the page for everything else.
pub fn configure(config: &mut ServiceConfig) {
    let mut paths: Vec<&'static str> = ROUTES.iter().map(|route| route.path).collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        config.service(web::resource(path).route(web::route().to(
            move |request: HttpRequest, payload: web::Payload, app: Data<App>| async move {
                let route = route_for(path, request.method());
                serve(route, request, payload.into_inner(), app).await
            },
        )));
    }
    config.default_service(web::route().to(|request: HttpRequest, app: Data<App>| async move {
        let route = if request.path().starts_with("/api/") { &NO_VERB } else { &NOWHERE };
        serve(route, request, Payload::None, app).await
    }));
}

static NOWHERE: Route = Route {
    method: "GET",
    path: "/{anything}",
    access: Access::Public,
    body_limit: 0,
    handler: |_call| Box::pin(async { Err(Failure::not_found()) }),
    documented: None,
};

static WRONG_METHOD: Route = Route { path: "", ..NOWHERE };

/// Programs are answered in JSON wherever they ask.
static NO_VERB: Route = Route { path: "/api/v1/{anything}", ..NOWHERE };

/// HEAD is answered like GET (the server drops the body); a method the path does not have is not found.
fn route_for(path: &str, method: &Method) -> &'static Route {
    let name = if *method == Method::HEAD { "GET" } else { method.as_str() };
    let nothing = if path.starts_with("/api/") { &NO_VERB } else { &WRONG_METHOD };
    ROUTES.iter().find(|route| route.path == path && route.method == name).unwrap_or(nothing)
}

async fn serve(
    route: &'static Route,
    request: HttpRequest,
    payload: Payload,
    app: Data<App>,
) -> HttpResponse {
    let secure = app.is_secure();
    let mut response = match prepare(route, request, payload, app).await {
        Ok(call) => {
            let call = Rc::new(call);
            match (route.handler)(call.clone()).await {
                Ok(response) => response,
                Err(failure) => failure.answer(&call),
            }
        }
        Err((call, failure)) => refuse(&call, &failure).await,
    };
    headers::protect(response.headers_mut(), secure);
    response
}

/// What was refused before its handler ran. Whoever opens a page without being signed in gets the way in, not an error.
async fn refuse(call: &Call, failure: &Failure) -> HttpResponse {
    let opens_a_page = call.request.method() == Method::GET && !call.route.is_api();
    if failure.code == Code::SignedOut && opens_a_page {
        return sign_in::pages::instead(call).await.unwrap_or_else(|failure| failure.answer(call));
    }
    failure.answer(call)
}

/// Reads who is there and what they sent, and refuses what the route does not allow.
async fn prepare(
    route: &'static Route,
    request: HttpRequest,
    mut payload: Payload,
    app: Data<App>,
) -> Result<Call, (Box<Call>, Failure)> {
    let mut call = anonymous(route, request, app);
    if !call.app.readiness.is_ready() && !matches!(route.access, Access::Public | Access::Monitoring) {
        return Err((Box::new(call), Failure::of(Code::Unavailable)));
    }
    match admit(&mut call, &mut payload).await {
        Ok(()) => Ok(call),
        Err(failure) => Err((Box::new(call), failure)),
    }
}

async fn admit(call: &mut Call, payload: &mut Payload) -> Result<(), Failure> {
    let by_cookie = identify(call).await?;
    recognise_demo(call).await?;
    speak_to_client(call).await?;
    speak_to_invited(call).await?;
    speak_for_town(call).await?;
    check_role(call)?;
    // Only now: an upload fills memory, which nobody may ask for who is refused anyway.
    read_body(call, payload).await?;
    check_form_token(call, by_cookie).await
}

/// Pages in front of a demo town's door and behind its links say that it is one, whoever else is signed in.
async fn recognise_demo(call: &mut Call) -> Result<(), Failure> {
    let slug = call.request.match_info().get("town").map(str::to_owned);
    let linked = (call.route.access == Access::Link).then(|| crate::client::town_of(call)).flatten();
    if slug.is_none() && linked.is_none() {
        return Ok(());
    }
    let towns = call.app.db.lobby(organizations::directory).await?;
    call.in_demo = towns.iter().any(|town| {
        let meant = slug.as_ref().map_or(linked == Some(town.id), |slug| *slug == town.slug);
        meant && town.kind == organizations::TownKind::Demo
    });
    Ok(())
}

/// A client's page speaks the contact's language, or the one chosen in this browser, and for the town that sent the
/// link, whoever else is signed in.
async fn speak_to_client(call: &mut Call) -> Result<(), Failure> {
    let on_page = ["/delivery", "/quote", "/bill"].iter().any(|page| call.route.path.starts_with(page));
    if call.route.access == Access::Link && on_page {
        let chosen = session::chosen_language(&call.request);
        let (town, own) = crate::client::host_of(call).await?.unzip();
        call.language = chosen.or(own.flatten()).unwrap_or(call.language);
        call.host = town;
    }
    Ok(())
}

/// A page behind an invitation's link speaks the language of whom it was sent to, or the one chosen in this browser.
async fn speak_to_invited(call: &mut Call) -> Result<(), Failure> {
    if session::chosen_language(&call.request).is_none()
        && let Some(own) = sign_in::passwords::language_of(call).await?
    {
        call.language = own;
    }
    Ok(())
}

/// A town's form for inquiries and its workers' voices speak for that town, whoever else is signed in.
async fn speak_for_town(call: &mut Call) -> Result<(), Failure> {
    if call.route.path.starts_with("/t/{town}/inquiry") {
        call.host = Some(crate::inquiries::host_of(call).await?);
    }
    if call.route.path == "/t/{town}/voices" {
        call.host = Some(crate::voices::public::host_of(call).await?);
    }
    Ok(())
}

fn anonymous(route: &'static Route, request: HttpRequest, app: Data<App>) -> Call {
    let language = session::guest_language(&request);
    let guest = request.cookie(session::guest_name(&app)).map(|cookie| cookie.value().to_owned());
    let cookie = guest.unwrap_or_else(|| Secret::generate().text());
    Call {
        language,
        cookie,
        request_id: request_id(),
        route,
        request,
        app,
        who: None,
        organization: None,
        in_demo: false,
        host: None,
        body: Bytes::new(),
        is_cut: false,
    }
}

fn request_id() -> RequestId {
    let mut bytes = [0; 8];
    // Without random numbers the id is zero: log lines still carry the path and the time.
    let _unavailable = getrandom::fill(&mut bytes);
    RequestId(u64::from_be_bytes(bytes))
}

/// Who sent this: a session's cookie or an API token. Says whether it was a cookie, which browsers send without
/// being asked.
async fn identify(call: &mut Call) -> Result<bool, Failure> {
    if matches!(call.route.access, Access::OneClick | Access::Monitoring) {
        return Ok(true);
    }
    if let Some(token) = bearer(&call.request) {
        let found = match OrgSecret::parse(&token) {
            Some(secret) => authenticate_token(call, secret).await?,
            None => None,
        };
        let Some(who) = found else { return Err(Failure::signed_out()) };
        adopt(call, who);
        return Ok(false);
    }
    let name = session::session_name(&call.app);
    let Some(cookie) = call.request.cookie(name) else { return Ok(true) };
    let Some(secret) = OrgSecret::parse(cookie.value()) else { return Ok(true) };
    let scope = lookup_scope(call, secret.organization());
    let who = call.app.db.run(scope, move |tx| visitor::by_session(tx, &secret)).await?;
    if let Some(who) = who {
        cookie.value().clone_into(&mut call.cookie);
        adopt(call, who);
    }
    Ok(true)
}

fn adopt(call: &mut Call, who: Visitor) {
    call.language = who.person.preferences.language;
    call.organization = Some(who.organization);
    call.in_demo = who.in_demo;
    call.who = Some(who);
}

fn lookup_scope(call: &Call, organization: OrganizationId) -> Scope {
    Scope { organization, actor: Actor::Outside, request: call.request_id }
}

async fn authenticate_token(call: &Call, secret: OrgSecret) -> Result<Option<Visitor>, Failure> {
    if !call.route.is_api() {
        return Ok(None);
    }
    let scope = lookup_scope(call, secret.organization());
    let found = call.app.db.run(scope, move |tx| visitor::by_token(tx, &secret)).await?;
    let writes = !csrf::is_safe(call.request.method());
    match found {
        // Whoever is told that they are signed out asks for another token, which would write no more than this one.
        Some((_, api_tokens::Access::Read)) if writes => Err(Failure::of(Code::TokenReads)),
        found => Ok(found.map(|(who, _)| who)),
    }
}

/// The token of an `Authorization: Bearer …` header.
pub(crate) fn bearer(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(|token| token.trim().to_owned())
}

/// Reads the body whole, up to the route's limit. Uploads have a limit of their own and are kept as they came for
/// the multipart reader. Where nothing is there to be told anything, nothing is too large for it either.
async fn read_body(call: &mut Call, payload: &mut Payload) -> Result<(), Failure> {
    if csrf::is_safe(call.request.method()) || call.route.is_nothing() {
        return Ok(());
    }
    let stream = web::Payload::from_request(&call.request, payload)
        .await
        .map_err(|error| Failure::bad_json(&error.to_string()))?;
    if uploads::is_multipart(&call.request) && !call.route.is_api() {
        (call.body, call.is_cut) = uploads::receive(stream, call.route.body_limit).await?;
        return Ok(());
    }
    match stream.to_bytes_limited(call.route.body_limit).await {
        Ok(Ok(bytes)) => {
            call.body = bytes;
            Ok(())
        }
        Ok(Err(error)) => Err(Failure::bad_json(&error.to_string())),
        Err(_too_large) => Err(Failure::of(Code::TooLarge)),
    }
}

/// Whether whoever asks may use the route.
fn check_role(call: &Call) -> Result<(), Failure> {
    let Access::Signed(roles) = call.route.access else { return Ok(()) };
    let who = call.who.as_ref().ok_or_else(Failure::signed_out)?;
    if roles.any_of(who.roles.iter().copied()) { Ok(()) } else { Err(Failure::of(Code::Forbidden)) }
}

/// Whether a request that changes something and brings a cookie comes from a page of ours.
async fn check_form_token(call: &Call, by_cookie: bool) -> Result<(), Failure> {
    let route = call.route;
    let changes_nothing = csrf::is_safe(call.request.method()) || route.is_nothing();
    if changes_nothing || !by_cookie || route.access == Access::OneClick {
        return Ok(());
    }
    let here = csrf::comes_from_here(&call.request, &call.app.settings.base_url);
    let token = form_token(call).await;
    let valid = here && csrf::matches(&call.app.key, &call.cookie, &token);
    if valid { Ok(()) } else { Err(Failure::of(Code::BadFormToken)) }
}

/// The form token: a field of the form, or a header of a script's request.
async fn form_token(call: &Call) -> String {
    let header = call.request.headers().get("x-csrf-token").and_then(|value| value.to_str().ok());
    if let Some(token) = header {
        return token.to_owned();
    }
    match uploads::read(call).await {
        Ok(upload) => upload.form.get("csrf").to_owned(),
        Err(_unreadable) => String::new(),
    }
}
