//! One offer with its rules and written terms, and the claim. What is accepted is the very text that was shown: its
//! digest travels with the form.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::Tx;
use fulfillment::claims::{self, ClaimInput, Claimed};
use fulfillment::terms::{self, Terms, TermsError};
use kernel::{Checks, Code, Invalid, JobId, Language, OfferId, PersonId, Typed};
use serde::Serialize;

use super::card::{self, CardView, Offered};
use super::gone;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::my_units::ask::{self, Ask, Desk};
use crate::samples::{self, SampleView, Samples};
use crate::shell::Crumb;
use crate::terms_text::{self, Article};
use crate::{paths, phrases};

/// An offer as it stands now, with the terms for so many units.
struct Sheet {
    offered: Offered,
    count: i64,
    /// What is wrong with the number that was asked for.
    refused: Option<Invalid>,
    /// None while the town has not entered everything the law wants named.
    terms: Option<Terms>,
    desk: Desk,
    samples: Samples,
    /// How many units of it they have taken already and not done.
    held: i64,
    now: DateTime<Utc>,
}

/// How many units one claim takes at most, whatever the hours allow.
const MOST_UNITS: i64 = 1000;

fn sheet(
    tx: &mut Tx<'_>,
    person: PersonId,
    job: JobId,
    wanted: &Typed,
    language: Language,
) -> Result<Sheet, Failure> {
    let worker = card::worker(tx, person)?;
    let offered = card::of_job(tx, &worker, job)?;
    let (count, refused) = count_of(wanted, offered.card.fitting_units.clamp(1, MOST_UNITS));
    let terms = drawn_up(terms::preview(tx, job, worker.id, count, language))?;
    let desk = ask::desk(tx)?;
    let samples = samples::of_job(tx, job)?;
    let held = claims::held_of_job(tx, job)?;
    Ok(Sheet { offered, count, refused, terms, desk, samples, held, now: tx.now() })
}

/// Terms that cannot be drawn up yet are no failure of the page: the worker reads that the town has to act.
pub(super) fn drawn_up(terms: Result<Terms, TermsError>) -> Result<Option<Terms>, Failure> {
    match terms {
        Ok(terms) => Ok(Some(terms)),
        Err(TermsError::Incomplete(_missing)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The number of units asked for; one where nothing was asked or the number does not fit.
pub(super) fn count_of(wanted: &Typed, most: i64) -> (i64, Option<Invalid>) {
    let mut checks = Checks::new();
    let count = checks.optional_number("count", wanted, 1..=most);
    match checks.done(count.unwrap_or(1)) {
        Ok(count) => (count, None),
        Err(invalid) => (1, Some(invalid)),
    }
}

#[derive(Serialize)]
struct TermsView {
    articles: Vec<Article>,
    sha256: String,
    language: Language,
}

#[derive(Serialize)]
struct OfferPage {
    title: String,
    crumbs: Vec<Crumb>,
    offer: CardView,
    offer_id: OfferId,
    rules: String,
    /// Where the job stands with everything about it.
    job_href: String,
    samples: Vec<SampleView>,
    count: i64,
    /// Pay and time of so many units together.
    total: String,
    total_time: String,
    has_hours: bool,
    /// How many they have already, so that going back and pressing again takes more only where that is meant.
    held: i64,
    ask: Option<Ask>,
    terms: Option<TermsView>,
    /// The terms were others when the worker read them.
    changed: bool,
    /// Another number was typed than the one whose terms were shown; these are its terms.
    recounted: bool,
    form: FormView,
    claim_action: String,
    decline_action: String,
}

impl OfferPage {
    fn new(call: &Call, sheet: Sheet, form: &Form, failure: Option<&Failure>) -> Self {
        let Sheet { offered, count, terms, desk, samples, held, now, .. } = sheet;
        let (card, here) = (&offered.card, paths::offer(offered.card.job));
        let total = card.unit_pay.0.saturating_mul(count);
        let read_again = failure.is_some_and(|failure| failure.code == Code::TermsNotAccepted);
        let recounted = read_again && form.get("terms_count") != count.to_string();
        Self {
            title: card.title.clone(),
            crumbs: vec![Crumb::new(call, "nav-offers", "/offers")],
            offer_id: card.offer,
            rules: offered.job.rules.clone(),
            job_href: paths::my_job(card.job),
            samples: samples.views(call),
            count,
            total: format::yen(call.language, kernel::Yen(total)),
            total_time: format::duration(call.language, i64::from(card.unit_minutes).saturating_mul(count)),
            ask: Ask::about(call, &desk, &card.title),
            has_hours: card.fitting_units > 0,
            held,
            terms: terms.map(|terms| TermsView {
                articles: terms_text::articles(&terms.body),
                sha256: terms.sha256.to_string(),
                language: terms.language,
            }),
            changed: read_again && !recounted,
            recounted,
            form: form.view(call, failure),
            claim_action: format!("{here}/claim"),
            decline_action: format!("{here}/decline"),
            offer: CardView::of(call, now, offered),
        }
    }
}

/// For how many units the terms are shown.
#[derive(Debug, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub(crate) struct CountQuery {
    /// How many units; one unless told.
    pub(super) count: Typed,
}

/// `GET /offers/{job}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (job, person, language) = (call.id("job")?, call.person()?, call.language);
    if let Some(gone) = gone::page(&call, job, false).await? {
        return Ok(gone);
    }
    let wanted = call.query::<CountQuery>().count;
    let asked = wanted.clone();
    let sheet = call.db(move |tx| sheet(tx, person, job, &asked, language)).await?;
    let refused = sheet.refused.clone().map(Failure::from);
    let shown = if refused.is_some() { wanted.to_string() } else { sheet.count.to_string() };
    let status = refused.as_ref().map_or(StatusCode::OK, Failure::status);
    let form = Form::default().preset("count", shown);
    call.page_with(status, "offers/show.html", &OfferPage::new(&call, sheet, &form, refused.as_ref()))
}

/// `POST /offers/{job}/claim`
pub(crate) async fn claim(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let job: JobId = call.id("job")?;
    let form = call.form();
    if !form.get("look").is_empty() {
        return Ok(call.see_other(phrases::address(&paths::offer(job), &[("count", form.get("count"))])));
    }
    match promise(&call, job, &form).await {
        Ok(next) => Ok(call.done(next, "done-offer-claimed")),
        Err(failure) if failure.is_about_input() => again(&call, job, &form, failure).await,
        Err(failure) => Err(failure),
    }
}

/// Claims once for each time the form was shown, and only the number whose terms were shown with it.
async fn promise(call: &Call, job: JobId, form: &Form) -> Result<String, Failure> {
    let (count, refused) = count_of(&form.get("count").into(), MOST_UNITS);
    if let Some(invalid) = refused {
        return Err(invalid.into());
    }
    if form.get("terms_count") != count.to_string() {
        return Err(Failure::of(Code::TermsNotAccepted));
    }
    if form.get("accept").is_empty() {
        return Err(Invalid::field("accept", Code::Required).into());
    }
    let input = ClaimInput {
        count: count.to_string().into(),
        terms_sha256: form.get("terms_sha256").into(),
        language: form.get("language").into(),
    };
    call.once(form, move |tx| claims::claim(tx, job, input).map(|claimed| next_page(&claimed))).await
}

/// One unit is opened at once; several are listed, the first thing to do on top.
fn next_page(claimed: &Claimed) -> String {
    match claimed.units.as_slice() {
        [only] => paths::my_unit(*only),
        _ => "/my-units".to_owned(),
    }
}

/// The page as it stands now, with why nothing was taken. Where nothing of the offer is left, a page that says so.
async fn again(call: &Call, job: JobId, form: &Form, failure: Failure) -> Result<HttpResponse, Failure> {
    if let Some(gone) = gone::page(call, job, true).await? {
        return Ok(gone);
    }
    let (person, language, wanted) = (call.person()?, call.language, Typed::from(form.get("count")));
    let sheet = call.db(move |tx| sheet(tx, person, job, &wanted, language)).await?;
    // A number that cannot be taken is what is to be mended, whatever else was wrong.
    let failure = sheet.refused.clone().map_or(failure, Failure::from);
    // The consent was to what was read, so a tick is never carried over to other terms.
    let shown = if sheet.refused.is_some() { form.get("count").to_owned() } else { sheet.count.to_string() };
    let kept = Form::default().preset("count", shown).preset("terms_count", form.get("terms_count"));
    call.page_with(failure.status(), "offers/show.html", &OfferPage::new(call, sheet, &kept, Some(&failure)))
}
