//! One's own mails: which ones, how often, at which hours.

use std::rc::Rc;

use actix_web::HttpResponse;
use kernel::{Code, Invalid, Typed};
use notifier::messages::{Category, Choice};
use notifier::preferences::{self, Answer, Offers, Preferences, PreferencesInput, Zone};
use serde::Serialize;

use crate::api::{IfMatch, Json, One};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::shell::Crumb;
use crate::visitor::Visitor;

#[derive(Serialize)]
struct Page {
    title: String,
    crumbs: Vec<Crumb>,
    version: i32,
    /// What always comes, in words.
    owed: Vec<Owed>,
    answers: Vec<Choosable>,
    offers: Vec<Choosable>,
    hours: Vec<Choosable>,
    ends: Vec<Choosable>,
    zones: Vec<Choosable>,
    /// The reader is a worker and nothing else: examples are a worker's.
    only_works: bool,
    form: FormView,
}

#[derive(Serialize)]
struct Owed {
    name: String,
    why: String,
}

#[derive(Serialize)]
struct Choosable {
    value: String,
    label: String,
}

fn page(call: &Call, version: i32, form: &Form, failure: Option<&Failure>) -> Page {
    let option = |value: &str, key: String| Choosable { value: value.to_owned(), label: call.text(&key) };
    let hour = |hour: i16| Choosable { value: hour.to_string(), label: format!("{hour}:00") };
    let owed = Category::ALL.iter().filter(|category| category.policy().choice == Choice::Locked);
    Page {
        title: call.text("mail-settings-title"),
        crumbs: vec![Crumb::new(call, "me-title", "/me")],
        version,
        owed: owed
            .map(|category| Owed {
                name: call.text(&format!("mail-category-{category}")),
                why: call.text(&format!("mail-category-{category}-owed")),
            })
            .collect(),
        answers: Answer::ALL
            .iter()
            .map(|answer| option(answer.as_str(), format!("mail-settings-{answer}")))
            .collect(),
        offers: Offers::ALL
            .iter()
            .map(|offers| {
                option(offers.as_str(), format!("mail-settings-offers-{}", offers.as_str().replace('_', "-")))
            })
            .collect(),
        hours: (0..=23).map(hour).collect(),
        ends: (1..=24).map(hour).collect(),
        zones: Zone::ALL
            .iter()
            .map(|zone| {
                let word = zone.as_str().to_ascii_lowercase().replace(['/', '_'], "-");
                option(zone.as_str(), format!("zone-{word}"))
            })
            .collect(),
        only_works: call.who.as_ref().is_some_and(Visitor::only_works),
        form: form.view(call, failure),
    }
}

/// `GET /me/mail`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let person = call.person()?;
    let now = call.db(move |tx| preferences::of(tx, person)).await?;
    let form = Form::of(&PreferencesInput::of(&now));
    call.page("mail_settings/index.html", &page(&call, now.version, &form, None))
}

/// `POST /me/mail`
pub(crate) async fn change(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let (input, version) = (form.input::<PreferencesInput>()?, form.version()?);
    let changed = match hours_that_never_meet(&call, &input) {
        Some(refused) => Err(refused),
        None => call.db(move |tx| preferences::change(tx, version, &input)).await,
    };
    match changed {
        Ok(_saved) => Ok(call.done("/me/mail", "done-saved")),
        Err(failure) if failure.is_about_input() => {
            let page = page(&call, version, &form, Some(&failure));
            call.page_with(failure.status(), "mail_settings/index.html", &page)
        }
        Err(failure) => Err(failure),
    }
}

/// Hours that the lists of this page allow and that make no sense together, in words that say which one to change.
fn hours_that_never_meet(call: &Call, input: &PreferencesInput) -> Option<Failure> {
    let hour = |typed: &Typed| typed.as_str().parse::<i16>().ok();
    let (opens, closes) = (hour(&input.opens)?, hour(&input.closes)?);
    let is_outside = |hour: i16| hour < opens || hour >= closes;
    let (field, key) = if closes <= opens {
        ("closes", "mail-settings-closes-early")
    } else if input.offers.as_str() == Offers::Daily.as_str() && is_outside(hour(&input.digest_hour)?) {
        ("digest_hour", "mail-settings-digest-outside")
    } else {
        return None;
    };
    Some(Failure::from(Invalid::field(field, Code::OutOfRange)).in_words(Some(call.text(key))))
}

/// `GET /api/v1/me/mail`
pub(crate) async fn mine(call: Rc<Call>) -> Result<One<Preferences>, Failure> {
    let person = call.person()?;
    call.db(move |tx| preferences::of(tx, person)).await.map(One)
}

/// `PUT /api/v1/me/mail`
pub(crate) async fn set(
    call: Rc<Call>,
    IfMatch(version): IfMatch,
    Json(input): Json<PreferencesInput>,
) -> Result<One<Preferences>, Failure> {
    call.db(move |tx| preferences::change(tx, version, &input)).await.map(One)
}
