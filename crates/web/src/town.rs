//! The town's own settings: what a terms notice and a mail footer must name.

use std::rc::Rc;

use accounts::organizations::{self, Organization, SettingsInput};
use actix_web::HttpResponse;
use serde::Serialize;

use crate::api::{IfMatch, Json, One};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};

#[derive(Serialize)]
struct TownPage {
    title: String,
    version: i32,
    /// Where the public form for inquiries is; empty while there is none.
    inquiries: String,
    form: FormView,
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
    call.db(move |tx| organizations::change_settings(tx, version, &input)).await.map(One)
}

/// `GET /town`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let town = call.db(organizations::find).await?;
    let page = TownPage {
        title: call.text("town-title"),
        version: town.version,
        inquiries: inquiries_of(&call, &town),
        form: filled(&town).view(&call, None),
    };
    call.page("town/form.html", &page)
}

/// `POST /town`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let (input, version) = (form.input::<SettingsInput>()?, form.version()?);
    match call.db(move |tx| organizations::change_settings(tx, version, &input)).await {
        Ok(_) => Ok(call.done("/town", "done-saved")),
        Err(failure) if failure.is_about_input() => {
            let town = call.db(organizations::find).await?;
            let page = TownPage {
                title: call.text("town-title"),
                version,
                inquiries: inquiries_of(&call, &town),
                form: form.view(&call, Some(&failure)),
            };
            call.page_with(failure.status(), "town/form.html", &page)
        }
        Err(failure) => Err(failure),
    }
}
