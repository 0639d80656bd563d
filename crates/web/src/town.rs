//! The town's own settings: what a terms notice and a mail footer must name.

use std::rc::Rc;

use accounts::organizations::{self, Organization, OrganizationError, SettingsInput};
use actix_web::HttpResponse;
use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Code, FieldProblem, Invalid, date_in_japan};
use sales::{roadmaps, targets};
use serde::Serialize;

use crate::api::{IfMatch, Json, One};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};

#[derive(Serialize)]
struct TownPage {
    title: String,
    version: i32,
    /// Where the public form for inquiries is; empty while there is none.
    inquiries: String,
    /// Until when the fiscal year's first month stays, because of what is set for years that are not over; empty where it may
    /// change.
    month_stays: String,
    form: FormView,
}

/// The town as its page shows it.
struct Facts {
    town: Organization,
    month_stays: Option<NaiveDate>,
}

fn facts(tx: &mut Tx<'_>) -> Result<Facts, DbError> {
    let town = organizations::find(tx)?;
    Ok(Facts { month_stays: year_in_use(tx, &town)?, town })
}

/// The last day of the latest year that has targets or milestones, unless that is over: until then the years' first month
/// stays, so that what was set for a quarter is never read as another one.
fn year_in_use(tx: &mut Tx<'_>, town: &Organization) -> Result<Option<NaiveDate>, DbError> {
    let roadmap = roadmaps::latest_planned_year(tx)?.map(|year| town.days_of(year).last);
    let latest = targets::set_until(tx)?.max(roadmap);
    let today = date_in_japan(tx.now());
    Ok(latest.filter(|last| *last >= today))
}

/// Changes the settings; the fiscal year's first month only between years that are in use.
fn change_settings(
    tx: &mut Tx<'_>,
    version: i32,
    input: &SettingsInput,
) -> Result<Organization, OrganizationError> {
    let before = organizations::find(tx)?;
    let changed = organizations::change_settings(tx, version, input)?;
    if changed.fiscal_start_month != before.fiscal_start_month
        && let Some(last) = year_in_use(tx, &before)?
    {
        let problem = FieldProblem::bounded("fiscal_start_month", Code::FiscalYearInUse, last);
        return Err(Invalid(vec![problem]).into());
    }
    Ok(changed)
}

fn inquiries_of(call: &Call, town: &Organization) -> String {
    let address = || format!("{}/t/{}/inquiry", call.app.settings.base_url, town.slug);
    town.answer_days.map(|_days| address()).unwrap_or_default()
}

fn filled(town: &Organization) -> Form {
    Form::default()
        .preset("name", &town.name)
        .preset("legal_name", &town.legal_name)
        .preset("municipal_code", town.municipal_code.as_ref().map(ToString::to_string).unwrap_or_default())
        .preset("language", town.language)
        .preset("postal_address", &town.postal_address)
        .preset("contact_email", &town.contact_email)
        .preset("contact_phone", &town.contact_phone)
        .preset("population", town.population.map(|number| number.to_string()).unwrap_or_default())
        .preset("registration_number", &town.registration_number)
        .preset("bank_account", &town.bank_account)
        .preset("answer_days", town.answer_days.map(|days| days.to_string()).unwrap_or_default())
        .preset("question_hours", town.question_hours)
        .preset("fiscal_start_month", town.fiscal_start_month)
        .preset("population_as_of", town.population_as_of.map(|day| day.to_string()).unwrap_or_default())
}

/// `GET /api/v1/town`
pub(crate) async fn show(call: Rc<Call>) -> Result<One<Organization>, Failure> {
    call.db(organizations::find).await.map(One)
}

/// `PUT /api/v1/town`
pub(crate) async fn change(
    call: Rc<Call>,
    IfMatch(version): IfMatch,
    Json(input): Json<SettingsInput>,
) -> Result<One<Organization>, Failure> {
    call.db(move |tx| change_settings(tx, version, &input)).await.map(One)
}

fn page(call: &Call, facts: &Facts, version: i32, form: FormView) -> TownPage {
    TownPage {
        title: call.text("town-title"),
        version,
        inquiries: inquiries_of(call, &facts.town),
        month_stays: facts.month_stays.map(|day| format::full_date(call.language, day)).unwrap_or_default(),
        form,
    }
}

/// `GET /town`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let facts = call.db(facts).await?;
    let form = filled(&facts.town).view(&call, None);
    call.page("town/form.html", &page(&call, &facts, facts.town.version, form))
}

/// `POST /town`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let (input, version) = (form.input::<SettingsInput>()?, form.version()?);
    match call.db(move |tx| change_settings(tx, version, &input)).await {
        Ok(_) => Ok(call.done("/town", "done-saved")),
        Err(failure) if failure.is_about_input() => {
            let facts = call.db(facts).await?;
            let form = form.view(&call, Some(&failure));
            call.page_with(failure.status(), "town/form.html", &page(&call, &facts, version, form))
        }
        Err(failure) => Err(failure),
    }
}
