//! One request as handlers see it: who asks, for what, with which body. Every handler is
//! `async fn(Call) -> Result<HttpResponse, Failure>`.

use std::str::FromStr;

use actix_web::cookie::Cookie;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use db::idempotency::{self, Answer, Seen};
use db::{DbError, Tx};
use kernel::{Actor, Language, OrganizationId, PersonId, RequestId, Scope};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use accounts::OrgSecret;
use accounts::organizations::Organization;

use crate::app::App;
use crate::failure::Failure;
use crate::forms::{self, Form};
use crate::network;
use crate::route::Route;
use crate::session::{self, Flash};
use crate::shell::Shell;
use crate::templates::Context;
use crate::visitor::Visitor;

const NUL_IN_JSON: &[u8] = b"\\u0000";

/// A request whose route, session and form token have been checked.
pub(crate) struct Call {
    pub(crate) app: Data<App>,
    pub(crate) request: HttpRequest,
    pub(crate) route: &'static Route,
    /// Who is signed in; always there on a route whose access is `Signed`.
    pub(crate) who: Option<Visitor>,
    /// The town of the session, or of the address (`/t/{town}`, `/c/{link}`) where nobody is signed in.
    pub(crate) organization: Option<OrganizationId>,
    /// Whether that town is a demonstration, which every page of it says.
    pub(crate) in_demo: bool,
    /// The town that speaks on a client's page; nobody there knows it by the name of its program.
    pub(crate) host: Option<Organization>,
    pub(crate) language: Language,
    /// What form tokens of this browser are derived from.
    pub(crate) cookie: String,
    pub(crate) request_id: RequestId,
    /// The body, read whole within the route's limit.
    pub(crate) body: Bytes,
    /// Whether it was a form with files beyond the limit, and is there without the middle of its files.
    pub(crate) is_cut: bool,
}

/// What became of a form that makes something new.
pub(crate) struct Arrived {
    /// Where what it made is to be seen.
    pub(crate) location: String,
    /// It had arrived before; nothing was made now.
    pub(crate) before: bool,
}

impl Call {
    /// A part of the path; missing is our own mistake in the table of routes. Nothing has a NUL in its address.
    pub(crate) fn segment(&self, name: &str) -> Result<&str, Failure> {
        let segment = self.request.match_info().get(name).ok_or_else(Failure::not_found)?;
        if segment.contains('\0') { Err(Failure::not_found()) } else { Ok(segment) }
    }

    /// An id in the path. What is no number is simply not found.
    pub(crate) fn id<T: FromStr>(&self, name: &str) -> Result<T, Failure> {
        self.segment(name)?.parse().map_err(|_no_number| Failure::not_found())
    }

    /// The query string as a struct with defaults; what does not fit counts as absent.
    pub(crate) fn query<T: DeserializeOwned + Default>(&self) -> T {
        Form::parse(self.request.query_string().as_bytes()).lenient()
    }

    /// The page that was asked for, with its query.
    pub(crate) fn asked(&self) -> String {
        self.request.uri().path_and_query().map(ToString::to_string).unwrap_or_default()
    }

    /// The posted form.
    pub(crate) fn form(&self) -> Form {
        Form::parse(&self.body)
    }

    /// The posted JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let media_type = self.request.headers().get(header::CONTENT_TYPE);
        let is_json = media_type.and_then(|value| value.to_str().ok()).is_some_and(|value| {
            value.split(';').next().is_some_and(|kind| kind.trim() == "application/json")
        });
        if !is_json {
            return Err(Failure::bad_json("send Content-Type: application/json"));
        }
        // serde would read an array as a struct's fields in their order, which nobody means.
        if !self.body.trim_ascii_start().starts_with(b"{") {
            return Err(Failure::bad_json("send a JSON object"));
        }
        let unreadable = |error: serde_json::Error| Failure::bad_json(&error.to_string());
        // JSON writes a NUL in no other way.
        if self.body.windows(NUL_IN_JSON.len()).any(|part| part == NUL_IN_JSON) {
            let clean = forms::json_without_nul(serde_json::from_slice(&self.body).map_err(unreadable)?);
            return serde_json::from_value(clean).map_err(unreadable);
        }
        serde_json::from_slice(&self.body).map_err(unreadable)
    }

    /// The person who is signed in.
    pub(crate) fn person(&self) -> Result<PersonId, Failure> {
        self.who.as_ref().map(|who| who.person.id).ok_or_else(Failure::signed_out)
    }

    /// The scope for this request's work in the database.
    pub(crate) fn scope(&self) -> Result<Scope, Failure> {
        let organization = self.organization.ok_or_else(Failure::not_found)?;
        let actor = self.who.as_ref().map_or(Actor::Outside, |who| Actor::Person(who.person.id));
        Ok(Scope { organization, actor, request: self.request_id })
    }

    /// Runs `work` in one transaction of this request's scope.
    pub(crate) async fn db<T, E, F>(&self, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        E: From<DbError> + Into<Failure> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.app.db.run(self.scope()?, work).await.map_err(Into::into)
    }

    /// Runs a verb that makes something new and answers where it is to be seen, once for each time its form was shown: a
    /// second press, or the page sent again, leads to what the first one made and makes nothing. The key is kept with
    /// the write itself, in the store of the API's `Idempotency-Key`s. Who goes back and types something else has
    /// another request, and gets another thing.
    pub(crate) async fn once<E, F>(&self, form: &Form, work: F) -> Result<String, Failure>
    where
        E: From<DbError> + Into<Failure> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<String, E> + Send + 'static,
    {
        Ok(self.once_or_again(form, work).await?.location)
    }

    /// [`Call::once`] where the answer says whether the form had arrived before. Whoever sends files adds their names
    /// and hashes to `form`: another file is another request.
    pub(crate) async fn once_or_again<E, F>(&self, form: &Form, work: F) -> Result<Arrived, Failure>
    where
        E: From<DbError> + Into<Failure> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<String, E> + Send + 'static,
    {
        self.once_in(self.scope()?, form, work).await
    }

    /// [`Call::once_or_again`] in another scope than the request's own: of a town before whose door somebody stands.
    pub(crate) async fn once_in<E, F>(&self, scope: Scope, form: &Form, work: F) -> Result<Arrived, Failure>
    where
        E: From<DbError> + Into<Failure> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<String, E> + Send + 'static,
    {
        let shown = form.get("form_key");
        if shown.is_empty() {
            let location = self.app.db.run(scope, work).await.map_err(Into::into)?;
            return Ok(Arrived { location, before: false });
        }
        let mut hasher = Sha256::new();
        let parts = form.pairs().filter(|(name, _)| *name != "csrf").flat_map(|(name, value)| [name, value]);
        for part in std::iter::once(self.request.path()).chain(parts) {
            hasher.update(part);
            hasher.update([0]);
        }
        let digest = hasher.finalize().to_vec();
        let key = format!("form {}", BASE64_URL_SAFE_NO_PAD.encode(&digest));
        let once = move |tx: &mut Tx<'_>| -> Result<Arrived, Failure> {
            if let Seen::Same(answer) = idempotency::look_up(tx, &key, &digest)? {
                return Ok(Arrived { location: answer.body, before: true });
            }
            let location = work(tx).map_err(Into::into)?;
            let answer = Answer { status: StatusCode::SEE_OTHER.as_u16(), body: location };
            idempotency::remember(tx, &key, &digest, &answer)?;
            Ok(Arrived { location: answer.body, before: false })
        };
        self.app.db.run(scope, once).await
    }

    /// The network address a request comes from (of IPv6 the first 64 bits): what a trusted proxy says, or the
    /// connection's own. Only for counting tries; never stored as it is.
    pub(crate) fn network_address(&self) -> String {
        let peer = self.request.peer_addr().map(|address| address.ip());
        let trusted = peer.is_some_and(|peer| self.app.settings.trusted_proxies.contains(&peer));
        let client = if trusted { network::forwarded(self.request.headers()) } else { None };
        client.or(peer).map(network::counted_as).unwrap_or_default()
    }

    /// What the browser calls itself.
    pub(crate) fn user_agent(&self) -> String {
        let value = self.request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    }

    /// The session's secret, if the browser sent one.
    pub(crate) fn session_secret(&self) -> Option<OrgSecret> {
        let cookie = self.request.cookie(session::session_name(&self.app))?;
        OrgSecret::parse(cookie.value())
    }

    /// A text in the reader's language.
    pub(crate) fn text(&self, key: &str) -> String {
        self.app.texts.plain(self.language, key)
    }

    /// A page: `template` rendered with the shell around it.
    pub(crate) fn page<P: Serialize>(&self, template: &str, page: &P) -> Result<HttpResponse, Failure> {
        self.page_with(StatusCode::OK, template, page)
    }

    /// A page with another status: the form again (422), an error page.
    pub(crate) fn page_with<P: Serialize>(
        &self,
        status: StatusCode,
        template: &str,
        page: &P,
    ) -> Result<HttpResponse, Failure> {
        let shell = Shell::of(self);
        let html = self
            .app
            .templates
            .render(template, &Context { shell: &shell, page })
            .map_err(|error| Failure::internal(format!("{template}: {error:#}")))?;
        let mut response = HttpResponse::build(status);
        response.content_type("text/html; charset=utf-8");
        if Flash::of(&self.request).is_some() {
            response.cookie(Flash::cleared(self.app.is_secure()));
        }
        if self.request.cookie(session::guest_name(&self.app)).is_none() && self.who.is_none() {
            response.cookie(session::guest(&self.app, &self.cookie));
        }
        Ok(response.body(html))
    }

    /// After a successful POST: go and look at `location` (303).
    pub(crate) fn see_other(&self, location: impl AsRef<str>) -> HttpResponse {
        HttpResponse::SeeOther().insert_header((header::LOCATION, location.as_ref())).finish()
    }

    /// After a successful POST: go and look at `location`, where the text `key` says what happened.
    pub(crate) fn done(&self, location: impl AsRef<str>, key: &'static str) -> HttpResponse {
        let mut response = self.see_other(location);
        self.add_cookie(&mut response, &self.flash_cookie(key));
        response
    }

    /// What says on the next page what happened.
    pub(crate) fn flash_cookie(&self, key: &'static str) -> Cookie<'static> {
        Flash::success(key).cookie(self.app.is_secure())
    }

    /// Nothing was done: go and look at `location`, where the text `key` says how things stand already.
    pub(crate) fn noted(&self, location: impl AsRef<str>, key: &'static str) -> HttpResponse {
        let mut response = self.see_other(location);
        self.add_cookie(&mut response, &Flash::info(key).cookie(self.app.is_secure()));
        response
    }

    /// Adds a cookie to a finished response.
    pub(crate) fn add_cookie(&self, response: &mut HttpResponse, cookie: &Cookie<'_>) {
        if let Err(error) = response.add_cookie(cookie) {
            log::error!("a cookie of ours is no valid header: {error}");
        }
    }

    /// A JSON answer.
    pub(crate) fn answer<T: Serialize>(&self, status: StatusCode, body: &T) -> HttpResponse {
        HttpResponse::build(status).json(body)
    }
}
