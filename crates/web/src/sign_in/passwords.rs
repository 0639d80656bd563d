//! Choosing a password: from an invitation, after forgetting one, and at the very first start.

use std::rc::Rc;

use accounts::invitations::{self, InvitationError, Purpose};
use accounts::organizations::{self, FirstKey, NewTown, TownKind};
use accounts::passwords::NewPassword;
use accounts::persons::PersonInput;
use accounts::sessions::{self, NewSession, SessionLimits};
use accounts::{OrgSecret, Person, Role};
use actix_web::HttpResponse;
use kernel::{Actor, Code, EmailAddress, FieldProblem, Language, Scope};
use serde::Serialize;
use subtle::ConstantTimeEq as _;

use super::pages::{outside, town_of};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::session;

#[derive(Serialize)]
struct ForgotPage {
    title: String,
    action: String,
    sent: bool,
    form: FormView,
}

/// `GET /t/{town}/forgot`
pub(crate) async fn forgot(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let town = town_of(&call).await?;
    let page = ForgotPage {
        title: call.text("forgot-title"),
        action: format!("/t/{}/forgot", town.slug),
        sent: false,
        form: Form::default().view(&call, None),
    };
    call.page("sign_in/forgot.html", &page)
}

/// `POST /t/{town}/forgot`: the same answer whoever has that address.
pub(crate) async fn ask(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let town = town_of(&call).await?;
    let form = call.form();
    let mut page = ForgotPage {
        title: call.text("forgot-title"),
        action: format!("/t/{}/forgot", town.slug),
        sent: true,
        form: form.view(&call, None),
    };
    let Ok(email) = EmailAddress::parse(form.get("email")) else {
        let failure = Failure::from(kernel::Invalid::field("email", Code::NotAnEmail));
        page.sent = false;
        page.form = form.view(&call, Some(&failure));
        return call.page_with(failure.status(), "sign_in/forgot.html", &page);
    };
    let address = call.network_address();
    call.app.db.run(outside(&call, town.id), move |tx| invitations::ask_reset(tx, &email, &address)).await?;
    call.page("sign_in/forgot.html", &page)
}

#[derive(Serialize)]
struct ChoosePage {
    title: String,
    name: String,
    email: String,
    /// What they are invited to do: each role with what it does.
    roles: Vec<RoleWords>,
    action: String,
    form: FormView,
}

#[derive(Serialize)]
struct RoleWords {
    name: String,
    does: String,
}

fn roles_of(call: &Call, purpose: Purpose, person: &Person) -> Vec<RoleWords> {
    let words = |role: &Role| RoleWords {
        name: call.text(&format!("role-{role}")),
        does: call.text(&format!("role-{role}-does")),
    };
    match purpose {
        Purpose::Invitation => person.roles.iter().map(words).collect(),
        Purpose::PasswordReset => Vec::new(),
    }
}

/// `GET /join/{secret}`: shows the form; looking changes nothing.
pub(crate) async fn join(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    choose(&call, Purpose::Invitation, &Form::default(), None).await
}

/// `GET /reset/{secret}`
pub(crate) async fn reset(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    choose(&call, Purpose::PasswordReset, &Form::default(), None).await
}

/// `POST /join/{secret}`
pub(crate) async fn accept(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    redeem(&call, Purpose::Invitation).await
}

/// `POST /reset/{secret}`
pub(crate) async fn replace(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    redeem(&call, Purpose::PasswordReset).await
}

fn link(call: &Call) -> Result<(OrgSecret, Scope), Failure> {
    let secret = OrgSecret::parse(call.segment("secret")?).ok_or_else(|| Failure::of(Code::LinkGone))?;
    let scope = outside(call, secret.organization());
    Ok((secret, scope))
}

/// The language of whom the link of this page was sent to; none on any other page, and of a link that leads nowhere.
pub(crate) async fn language_of(call: &Call) -> Result<Option<Language>, Failure> {
    let purpose = match call.route.path {
        "/join/{secret}" => Purpose::Invitation,
        "/reset/{secret}" => Purpose::PasswordReset,
        _ => return Ok(None),
    };
    let Ok((secret, scope)) = link(call) else { return Ok(None) };
    match call.app.db.run(scope, move |tx| invitations::peek(tx, &secret, purpose)).await {
        Ok(pending) => Ok(Some(pending.person.preferences.language)),
        Err(InvitationError::LinkGone) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn choose(
    call: &Call,
    purpose: Purpose,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let (secret, scope) = link(call)?;
    let pending = call.app.db.run(scope, move |tx| invitations::peek(tx, &secret, purpose)).await?;
    let key = match purpose {
        Purpose::Invitation => "join-title",
        Purpose::PasswordReset => "reset-title",
    };
    let page = ChoosePage {
        title: call.text(key),
        name: pending.person.name.name_in(call.language),
        roles: roles_of(call, purpose, &pending.person),
        email: pending.person.email.map(String::from).unwrap_or_default(),
        action: call.request.path().to_owned(),
        form: form.view(call, failure),
    };
    let status = failure.map_or(actix_web::http::StatusCode::OK, Failure::status);
    call.page_with(status, "sign_in/choose.html", &page)
}

async fn redeem(call: &Call, purpose: Purpose) -> Result<HttpResponse, Failure> {
    let (secret, scope) = link(call)?;
    let look = secret.clone();
    let (pending, town) = call
        .app
        .db
        .run(scope, move |tx| -> Result<_, Failure> {
            Ok((invitations::peek(tx, &look, purpose)?, organizations::find(tx)?))
        })
        .await?;
    let form = call.form();
    let email = pending.person.email.map(String::from).unwrap_or_default();
    let chosen = NewPassword::parse(
        &form.get("password").into(),
        &form.get("password_again").into(),
        &[&email, &town.slug],
    );
    let password = match chosen {
        Ok(password) => password,
        Err(invalid) => return choose(call, purpose, &Form::default(), Some(&invalid.into())).await,
    };
    let hash = call.app.hashing.seat().await?.run(move || password.hash()).await?;
    let agent = call.user_agent();
    let opened = call
        .app
        .db
        .run(scope, move |tx| -> Result<_, Failure> {
            let person = invitations::redeem(tx, &secret, purpose, &hash)?;
            Ok(sessions::open(tx, person, &agent, &SessionLimits::default())?)
        })
        .await?;
    let done = match purpose {
        Purpose::Invitation => "done-password-chosen",
        Purpose::PasswordReset => "done-password-reset",
    };
    // Whoever has the link and chose the password would only type it a third time.
    let mut response = call.done("/", done);
    call.add_cookie(&mut response, &session::signed_in(&call.app, &opened.secret.text()));
    Ok(response)
}

#[derive(Serialize)]
struct SetupPage {
    title: String,
    form: FormView,
}

/// `GET /setup`: the very first start. As soon as a real town exists it leads to the sign-in.
pub(crate) async fn setup(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    if is_open(&call).await? {
        return Ok(call.noted("/", "done-setup-over"));
    }
    let page = SetupPage { title: call.text("setup-title"), form: Form::default().view(&call, None) };
    call.page("sign_in/setup.html", &page)
}

async fn is_open(call: &Call) -> Result<bool, Failure> {
    let towns = call.app.db.lobby(organizations::directory).await?;
    Ok(towns.iter().any(|town| town.kind == TownKind::Real))
}

/// `POST /setup`: opens the town and its first administrator's account together, and signs them in.
pub(crate) async fn open(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    if is_open(&call).await? {
        return Ok(call.noted("/", "done-setup-over"));
    }
    let form = call.form();
    match open_town(&call, &form).await {
        Ok(session) => {
            let mut response = call.done("/", "done-town-opened");
            call.add_cookie(&mut response, &session::signed_in(&call.app, &session.secret.text()));
            Ok(response)
        }
        // Somebody else's form was faster.
        Err(failure) if failure.code == Code::NotEmpty => Ok(call.noted("/", "done-setup-over")),
        Err(failure) if failure.is_about_input() || failure.code == Code::Busy => {
            let page = SetupPage { title: call.text("setup-title"), form: form.view(&call, Some(&failure)) };
            let mut response = call.page_with(failure.status(), "sign_in/setup.html", &page)?;
            failure.say_when_to_retry(&mut response);
            Ok(response)
        }
        Err(failure) => Err(failure),
    }
}

async fn open_town(call: &Call, form: &Form) -> Result<NewSession, Failure> {
    let (town, admin) = (new_town(call, form), first_admin(call, form));
    let password = check_setup(call, form, &town, &admin)?;
    let hash = call.app.hashing.seat().await?.run(move || password.hash()).await?;
    let (agent, request) = (call.user_agent(), call.request_id);
    call.app
        .db
        .lobby(move |lobby| -> Result<_, Failure> {
            let opened = organizations::open_first(lobby, request, &town, &admin, FirstKey::Password(&hash))?;
            let scope = Scope { organization: opened.organization, actor: Actor::Outside, request };
            lobby.enter(scope, |tx| {
                sales::pipelines::install_usual(tx)?;
                Ok(sessions::open(tx, opened.admin, &agent, &SessionLimits::default())?)
            })
        })
        .await
}

fn new_town(call: &Call, form: &Form) -> NewTown {
    NewTown {
        slug: form.get("slug").into(),
        name: form.get("name").into(),
        municipal_code: form.get("municipal_code").into(),
        language: call.language.as_str().into(),
        legal_name: form.get("legal_name").into(),
    }
}

fn first_admin(call: &Call, form: &Form) -> PersonInput {
    PersonInput {
        family_name: form.get("family_name").into(),
        given_name: form.get("given_name").into(),
        email: form.get("email").into(),
        language: call.language.as_str().into(),
        ..PersonInput::default()
    }
}

/// Every problem of the form at once, before anything slow or lasting is done.
fn check_setup(
    call: &Call,
    form: &Form,
    town: &NewTown,
    admin: &PersonInput,
) -> Result<NewPassword, Failure> {
    let mut problems = Vec::new();
    let right = form.get("code").trim().as_bytes().ct_eq(call.app.settings.setup_code.as_bytes());
    if !bool::from(right) {
        problems.push(FieldProblem::new("code", Code::BadCode));
    }
    problems.extend(organizations::check_opening(town, admin).err().unwrap_or_default().0);
    let known = [town.slug.as_str(), admin.email.as_str()];
    let password =
        NewPassword::parse(&form.get("password").into(), &form.get("password_again").into(), &known);
    match password {
        Ok(password) if problems.is_empty() => Ok(password),
        chosen => {
            problems.extend(chosen.err().unwrap_or_default().0);
            Err(kernel::Invalid(problems).into())
        }
    }
}
