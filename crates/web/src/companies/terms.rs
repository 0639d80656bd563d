//! What a client's side asks for: the terms as they stand, a form for the next version, and the versions before.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use clients::companies;
use clients::terms::{self, ClientTerms, ClientTermsInput, PaymentRule};
use db::DbError;
use fluent_bundle::FluentArgs;
use kernel::CompanyId;
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{Choice, counted, said};
use crate::shell::Crumb;

/// The day that stands for the month's end.
const MONTHS_END: i16 = 31;

#[derive(Serialize)]
struct Page {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    /// The version the form is based on; 0 before the first.
    version: i32,
    months: Vec<Choice>,
    form: FormView,
    versions: Vec<Version>,
}

/// A version of the terms in words.
#[derive(Serialize)]
pub(crate) struct Version {
    title: String,
    /// When they pay and inspect.
    facts: Vec<String>,
    /// The same with what stands on their order sheet and when it was recorded.
    lines: Vec<String>,
}

fn day(call: &Call, day: i16) -> String {
    if day == MONTHS_END {
        return call.text("terms-months-end");
    }
    counted(call, "terms-day", "day", i64::from(day))
}

/// `20日締め 翌月末払い`
fn payment(call: &Call, rule: PaymentRule) -> String {
    let mut args = FluentArgs::new();
    args.set("closing", day(call, rule.closing_day));
    args.set("months", call.text(&format!("terms-months-{}", rule.months_later)));
    args.set("pay", day(call, rule.pay_day));
    call.app.texts.get(call.language, "terms-payment", &args)
}

impl Version {
    /// The words of one version.
    pub(crate) fn of(call: &Call, terms: &ClientTerms) -> Self {
        let inspected =
            terms.inspection_days.map(|days| counted(call, "terms-inspection", "days", i64::from(days)));
        let silence = terms.silence_accepts.then(|| call.text("terms-silence-said"));
        let facts: Vec<String> = terms
            .payment
            .map(|rule| payment(call, rule))
            .into_iter()
            .chain(inspected)
            .chain(silence)
            .collect();
        let remarks = Some(terms.remarks.clone()).filter(|remarks| !remarks.is_empty());
        let at = format::moment(call.language, terms.recorded_at);
        Self {
            title: said(call, "terms-version", [("version", &terms.version.to_string())]),
            lines: facts.iter().cloned().chain(remarks).chain([at]).collect(),
            facts,
        }
    }
}

async fn page(call: &Call, returned: Option<(&Form, &Failure)>) -> Result<HttpResponse, Failure> {
    let id: CompanyId = call.id("id")?;
    let (company, versions) = call
        .db(move |tx| -> Result<_, DbError> { Ok((companies::find(tx, id)?, terms::history(tx, id)?)) })
        .await?;
    let standing = versions.first();
    let fresh = standing.map(|terms| Form::of(&ClientTermsInput::from(terms))).unwrap_or_default();
    let here = paths::company(id);
    let months = (0..=3).map(|months| Choice::new(months, call.text(&format!("terms-months-{months}"))));
    let page = Page {
        title: call.text("terms-title"),
        crumbs: vec![
            Crumb::new(call, "nav-companies", "/companies"),
            Crumb::named(company.name.as_str(), here.as_str()),
        ],
        action: format!("{here}/terms"),
        version: standing.map_or(0, |terms| terms.version),
        months: months.collect(),
        form: returned.map_or(&fresh, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
        versions: versions.iter().map(|terms| Version::of(call, terms)).collect(),
    };
    let status = returned.map_or(StatusCode::OK, |(_, failure)| failure.status());
    call.page_with(status, "companies/terms.html", &page)
}

/// `GET /companies/{id}/terms`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, None).await
}

/// `POST /companies/{id}/terms`
pub(crate) async fn agree(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (CompanyId, _) = (call.id("id")?, call.form());
    let (input, version) = (form.input::<ClientTermsInput>()?, form.version()?);
    match call.db(move |tx| terms::agree(tx, id, version, &input)).await {
        Ok(_terms) => Ok(call.done(format!("{}/terms", paths::company(id)), "done-terms-agreed")),
        Err(failure) if failure.is_about_input() => page(&call, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}
