//! Offering an order's jobs: all that can be, and what keeps the others.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use db::Tx;
use fulfillment::jobs::{self, Job, JobWithProgress};
use fulfillment::orders::{self, OrderState};
use kernel::{Code, OrderId, date_in_japan};

use super::lacking;
use super::parts;
use super::show::render;
use crate::call::Call;
use crate::failure::Failure;
use crate::paths;
use crate::session::Flash;

/// `POST /orders/{id}/offer`: begins the order if need be and offers every job that still has units of its own.
pub(crate) async fn offer(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    match call.db(move |tx| offer_all(tx, id)).await {
        Ok((eligible, told)) => {
            let mut response = call.see_other(format!("{}#jobs", paths::order(id)));
            call.add_cookie(&mut response, &offered_flash(eligible, told).cookie(call.app.is_secure()));
            Ok(response)
        }
        Err(failure) if parts::stays(&failure) => {
            render(&call, id, Some(&lacking::in_one_sentence(failure))).await
        }
        Err(failure) => Err(failure),
    }
}

/// What is said after offering: warns where nobody could take the work.
pub(crate) fn offered_flash(eligible: usize, told: usize) -> Flash {
    match (eligible, told) {
        (0, _) => Flash { kind: "warning", key: "done-jobs-offered-to-nobody".to_owned() },
        (_, 0) => Flash { kind: "info", key: "done-jobs-offered-to-nobody-new".to_owned() },
        _ => Flash::success("done-jobs-offered"),
    }
}

/// Whether units of a job are drafts that may be put before workers now.
pub(super) fn can_be_offered(row: &JobWithProgress, today: NaiveDate) -> bool {
    row.progress.draft > 0 && row.job.work_due_on >= today && !row.job.lacks_material
}

/// The smallest number of workers that any of the offered jobs fits, because one job without anybody is worth a warning,
/// and how many were told.
fn offer_all(tx: &mut Tx<'_>, id: OrderId) -> Result<(usize, usize), Failure> {
    begin(tx, id)?;
    let today = date_in_japan(tx.now());
    let all = jobs::of_order(tx, id)?;
    let waiting: Vec<_> = all.iter().filter(|row| can_be_offered(row, today)).map(|job| job.job.id).collect();
    if waiting.is_empty() {
        let lacks_material = without_material(&all, today).is_some();
        return Err(Failure::of(if lacks_material { Code::NoMaterial } else { Code::DayPassed }));
    }
    let (mut fewest, mut told) = (usize::MAX, 0);
    for job in waiting {
        let offered = jobs::offer(tx, job)?;
        fewest = fewest.min(offered.eligible);
        told += offered.workers.len();
    }
    Ok((fewest, told))
}

/// Offering is what begins an order: a draft needs no button of its own for it.
pub(crate) fn begin(tx: &mut Tx<'_>, id: OrderId) -> Result<(), Failure> {
    if orders::find(tx, id)?.state == OrderState::Draft {
        orders::start(tx, id)?;
    }
    Ok(())
}

/// The job whose units get their material before anything else of the order can be offered.
pub(super) fn without_material(all: &[JobWithProgress], today: NaiveDate) -> Option<&Job> {
    if all.iter().any(|row| can_be_offered(row, today)) {
        return None;
    }
    all.iter().find(|row| row.progress.draft > 0 && row.job.lacks_material).map(|row| &row.job)
}

/// Where a job is made anew whose units lack their material; empty where they lack none.
pub(crate) fn material_href(job: &Job) -> String {
    if !job.lacks_material {
        return String::new();
    }
    format!("{}/jobs/new?in_place_of={}", paths::order(job.order_id), job.id)
}
