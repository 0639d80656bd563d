//! One's own settings: how pages look, open sessions, password, API tokens.

use std::rc::Rc;

use accounts::Role;
use accounts::api_tokens::{self, Access, ApiTokenId, TokenInput};
use accounts::passwords::NewPassword;
use accounts::persons::{self, PreferencesInput};
use accounts::sessions::{self, SessionLimits};
use accounts::sign_in::{self, TokensThen};
use actix_web::HttpResponse;
use kernel::{Code, SessionId};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::sign_in::pages::local_path;

#[derive(Serialize)]
struct MePage {
    title: String,
    name: String,
    email: String,
    preferences: FormView,
    /// They have a day that a calendar can hold.
    has_calendar: bool,
    sessions: Vec<SessionRow>,
    /// People who only work have no use for tokens; they see them only where they have one.
    shows_tokens: bool,
    tokens: Vec<TokenRow>,
    /// A token just made, shown this once.
    new_token: String,
    password_form: FormView,
    token_form: FormView,
}

#[derive(Serialize)]
struct SessionRow {
    device: String,
    seen: String,
    current: bool,
    end: String,
}

#[derive(Serialize)]
struct TokenRow {
    name: String,
    access: String,
    until: String,
    used: String,
    ended: bool,
    revoke: String,
}

/// What can stand on the page besides the lists.
#[derive(Default)]
struct Extras<'a> {
    new_token: String,
    password: Option<(&'a Form, &'a Failure)>,
    token: Option<(&'a Form, &'a Failure)>,
}

/// What the page's first form starts with: how pages look now.
fn preferences(call: &Call) -> FormView {
    let form = match &call.who {
        Some(who) => {
            let now = who.person.preferences;
            Form::default()
                .preset("lang", now.language)
                .preset("text_size", now.text_size)
                .preset("face", now.face)
                .preset("theme", now.theme)
        }
        None => Form::default(),
    };
    form.view(call, None)
}

async fn page(call: &Call, extras: Extras<'_>) -> Result<HttpResponse, Failure> {
    let person = call.person()?;
    let (open, tokens) = call
        .db(move |tx| -> Result<_, Failure> {
            Ok((sessions::list(tx, person, &SessionLimits::default())?, api_tokens::list(tx, person)?))
        })
        .await?;
    let who = call.who.as_ref().ok_or_else(Failure::signed_out)?;
    let language = call.language;
    let failure = extras.password.or(extras.token).map(|(_, failure)| failure);
    // Passwords are never shown again; whether the tokens go too was a choice.
    let revokes_tokens = extras.password.map_or("yes", |(form, _)| form.get("revoke_tokens"));
    let page = MePage {
        title: call.text("me-title"),
        name: who.person.name.name_in(language),
        email: who.person.email.clone().map(String::from).unwrap_or_default(),
        preferences: preferences(call),
        has_calendar: crate::routes::may_get(call, "/me/calendar"),
        shows_tokens: who.roles.iter().any(|role| *role != Role::Worker)
            || !tokens.is_empty()
            || extras.token.is_some(),
        sessions: open
            .into_iter()
            .map(|session| SessionRow {
                device: crate::browser::browser_name(language, &session.user_agent),
                seen: format::moment(language, session.seen_at),
                current: who.session == Some(session.id),
                end: format!("/me/sessions/{}/end", session.id),
            })
            .collect(),
        tokens: tokens
            .into_iter()
            .map(|token| TokenRow {
                access: call.text(match token.access {
                    Access::Read => "me-token-read",
                    Access::Write => "me-token-write",
                }),
                until: format::full_date(language, kernel::date_in_japan(token.expires_at)),
                used: token.used_at.map(|at| format::moment(language, at)).unwrap_or_default(),
                ended: token.revoked_at.is_some(),
                revoke: format!("/me/tokens/{}/revoke", token.id),
                name: token.name,
            })
            .collect(),
        new_token: extras.new_token,
        password_form: Form::default()
            .preset("revoke_tokens", revokes_tokens)
            .view(call, extras.password.map(|(_, failure)| failure)),
        token_form: extras
            .token
            .map_or_else(Form::default, |(form, _)| form.clone())
            .view(call, extras.token.map(|(_, failure)| failure)),
    };
    let status = failure.map_or(actix_web::http::StatusCode::OK, Failure::status);
    call.page_with(status, "me/index.html", &page)
}

/// `GET /me`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, Extras::default()).await
}

/// `POST /me/preferences`: one setting of the person menu; the others stay.
pub(crate) async fn prefer(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let now = call.who.as_ref().ok_or_else(Failure::signed_out)?.person.preferences;
    let or =
        |name: &str, now: &str| if form.get(name).is_empty() { now.into() } else { form.get(name).into() };
    let input = PreferencesInput {
        language: or("lang", now.language.as_str()),
        text_size: or("text_size", now.text_size.as_str()),
        face: or("face", now.face.as_str()),
        theme: or("theme", now.theme.as_str()),
    };
    call.db(move |tx| persons::prefer(tx, &input)).await?;
    let back = local_path(form.get("back"));
    // The menu changes one thing and shows it at once; the form on this page says that it was saved.
    Ok(if form.get("all").is_empty() { call.see_other(back) } else { call.done(back, "done-saved") })
}

/// `POST /me/sessions/{id}/end`
pub(crate) async fn end_session(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (person, id) = (call.person()?, call.id::<SessionId>("id")?);
    call.db(move |tx| sessions::revoke(tx, person, id)).await?;
    Ok(call.done("/me", "done-session-ended"))
}

/// `POST /me/sessions/end-others`
pub(crate) async fn end_others(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let person = call.person()?;
    if let Some(keep) = call.who.as_ref().and_then(|who| who.session) {
        call.db(move |tx| sessions::revoke_others(tx, person, keep)).await?;
    }
    Ok(call.done("/me", "done-session-ended"))
}

/// `POST /me/password`
pub(crate) async fn change_password(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    match replace_password(&call, &form).await {
        Ok(done) => Ok(call.done("/me", done)),
        Err(failure)
            if failure.is_about_input() || matches!(failure.code, Code::BadCredentials | Code::Busy) =>
        {
            let extras = Extras { password: Some((&form, &failure)), ..Extras::default() };
            let mut response = page(&call, extras).await?;
            failure.say_when_to_retry(&mut response);
            Ok(response)
        }
        Err(failure) => Err(failure),
    }
}

/// Gives the key of the text that says what happened.
async fn replace_password(call: &Call, form: &Form) -> Result<&'static str, Failure> {
    let who = call.who.as_ref().ok_or_else(Failure::signed_out)?;
    let (person, session) = (who.person.id, who.session.ok_or_else(Failure::signed_out)?);
    let email = who.person.email.clone().map(String::from).unwrap_or_default();
    let new =
        NewPassword::parse(&form.get("password").into(), &form.get("password_again").into(), &[&email])?;
    let seat = call.app.hashing.seat().await?;
    let address = call.network_address();
    let challenge = call.db(move |tx| sign_in::begin_again(tx, person, &address)).await?;
    let old = form.get("old_password").to_owned();
    let (proof, hash) = seat.run(move || (challenge.answer(&old), new.hash())).await?;
    let proof = proof
        .map_err(|_wrong| Failure::from(kernel::Invalid::field("old_password", Code::BadCredentials)))?;
    let tokens = if form.get("revoke_tokens").is_empty() { TokensThen::Keep } else { TokensThen::Revoke };
    let revoked = call.db(move |tx| sign_in::change_password(tx, proof, &hash, session, tokens)).await?;
    Ok(match (tokens, revoked) {
        (TokensThen::Keep, _) => "done-password-changed-tokens-kept",
        (TokensThen::Revoke, 0) => "done-password-changed",
        (TokensThen::Revoke, _) => "done-password-changed-tokens-revoked",
    })
}

/// `POST /me/tokens`: the secret is shown on this answer and never again.
pub(crate) async fn create_token(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (person, form) = (call.person()?, call.form());
    let input: TokenInput = form.input()?;
    match call.db(move |tx| api_tokens::create(tx, person, &input)).await {
        Ok((_, secret)) => page(&call, Extras { new_token: secret.text(), ..Extras::default() }).await,
        Err(failure) if failure.is_about_input() => {
            page(&call, Extras { token: Some((&form, &failure)), ..Extras::default() }).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /me/tokens/{id}/revoke`
pub(crate) async fn revoke_token(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (person, id) = (call.person()?, call.id::<ApiTokenId>("id")?);
    call.db(move |tx| api_tokens::revoke(tx, person, id)).await?;
    Ok(call.done("/me", "done-token-revoked"))
}
