//! Choosing a password: from an invitation, after forgetting one, and at the very first start.

use std::collections::BTreeSet;
use std::rc::Rc;

use accounts::invitations::{self, Purpose};
use accounts::organizations::{self, NewTown, TownKind};
use accounts::passwords::NewPassword;
use accounts::persons::{self, PersonInput};
use accounts::{OrgSecret, Role};
use actix_web::HttpResponse;
use kernel::{Code, EmailAddress, Scope, Typed};
use serde::Serialize;
use subtle::ConstantTimeEq as _;

use super::pages::{outside, town_of};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};

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
    action: String,
    form: FormView,
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
    let hash = call.on_blocking_thread(move || password.hash()).await?;
    call.app.db.run(scope, move |tx| invitations::redeem(tx, &secret, purpose, &hash)).await?;
    Ok(call.done(format!("/t/{}/sign-in", town.slug), "done-password-chosen"))
}

#[derive(Serialize)]
struct SetupPage {
    title: String,
    form: FormView,
}

/// `GET /setup`: the very first start. Gone as soon as a real town exists.
pub(crate) async fn setup(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    still_empty(&call).await?;
    let page = SetupPage { title: call.text("setup-title"), form: Form::default().view(&call, None) };
    call.page("sign_in/setup.html", &page)
}

async fn still_empty(call: &Call) -> Result<(), Failure> {
    let towns = call.app.db.lobby(organizations::directory).await?;
    let real = towns.iter().any(|town| town.kind == TownKind::Real);
    if real { Err(Failure::not_found()) } else { Ok(()) }
}

/// `POST /setup`: opens the town and its first administrator's account together.
pub(crate) async fn open(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    still_empty(&call).await?;
    let form = call.form();
    match open_town(&call, &form).await {
        Ok(slug) => Ok(call.done(format!("/t/{slug}/sign-in"), "done-town-opened")),
        Err(failure) if failure.is_about_input() => {
            let page = SetupPage { title: call.text("setup-title"), form: form.view(&call, Some(&failure)) };
            call.page_with(failure.status(), "sign_in/setup.html", &page)
        }
        Err(failure) => Err(failure),
    }
}

async fn open_town(call: &Call, form: &Form) -> Result<String, Failure> {
    let right = form.get("code").trim().as_bytes().ct_eq(call.app.settings.setup_code.as_bytes());
    if !bool::from(right) {
        return Err(kernel::Invalid::field("code", Code::BadCode).into());
    }
    let slug = form.get("slug").to_owned();
    let email = form.get("email").to_owned();
    let password = NewPassword::parse(
        &form.get("password").into(),
        &form.get("password_again").into(),
        &[&email, &slug],
    )?;
    let hash = call.on_blocking_thread(move || password.hash()).await?;
    let typed = |name: &str| Typed::from(form.get(name));
    let town = NewTown {
        slug: typed("slug"),
        name: typed("name"),
        municipal_code: typed("municipal_code"),
        language: call.language.as_str().into(),
        legal_name: typed("legal_name"),
    };
    let admin = PersonInput {
        family_name: typed("family_name"),
        given_name: typed("given_name"),
        email: typed("email"),
        language: call.language.as_str().into(),
        ..PersonInput::default()
    };
    let id = call.app.db.lobby(move |lobby| organizations::open(lobby, TownKind::Real, &town)).await?;
    call.app
        .db
        .run(outside(call, id), move |tx| -> Result<_, Failure> {
            let person = persons::add(tx, &admin)?;
            persons::set_roles(tx, person.id, &BTreeSet::from([Role::Admin]))?;
            persons::set_password(tx, person.id, &hash)?;
            sales::stages::install_usual(tx)?;
            Ok(())
        })
        .await?;
    Ok(slug)
}
