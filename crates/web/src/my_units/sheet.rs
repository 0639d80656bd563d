//! One unit before its worker: what to work from, how, what came back and why, and the form to hand it in.

use std::collections::BTreeMap;
use std::rc::Rc;

use ::files::StoredFile;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::appeals::{self, MyRefusal};
use fulfillment::claims::{self, FixWanted, MyUnit};
use fulfillment::coachings::{self, Coaching};
use fulfillment::drafts::{self, Draft};
use fulfillment::hand_overs::{self, HandOver};
use fulfillment::reviews::{Fault, Verdict};
use fulfillment::rules::{self, Reading};
use fulfillment::submissions::{self, Submission, Version};
use fulfillment::units::{Move, UnitState, materials, next, way_to_submit};
use kernel::{Code, FileId, PersonId, UnitId};
use serde::Serialize;

use super::ask::{self, Ask, Desk};
use super::draft::{self, WorkForm};
use super::{late, pages};
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::forms::{Form, FormView};
use crate::orders::parts;
use crate::paths;
use crate::review::changes::Changes;
use crate::review::remarks::Found;
use crate::review::versions::said;
use crate::samples::{self, SampleView, Samples};
use crate::shell::Crumb;
use crate::work_rules::Unread;

/// A unit with its worker's own versions; what an earlier holder made is not theirs to read.
struct Sheet {
    unit: MyUnit,
    versions: Vec<Version>,
    draft: Option<Draft>,
    /// What the client has and wants mended, where somebody else made it.
    to_mend: Option<Submission>,
    /// What somebody else had made of it before they gave it back.
    pack: Option<HandOver>,
    files: BTreeMap<FileId, StoredFile>,
    desk: Desk,
    rules: Reading,
    samples: Samples,
    /// What it is worked from.
    materials: Vec<FileId>,
    /// What was agreed when somebody sat down with them.
    coachings: Vec<Coaching>,
    /// How they stand to the last verdict against their work; none where there was none.
    against: Option<MyRefusal>,
    now: DateTime<Utc>,
}

fn read(tx: &mut Tx<'_>, id: UnitId, person: PersonId) -> Result<Sheet, DbError> {
    let unit = claims::find_mine(tx, id)?;
    let versions = own_versions(tx, id, person)?;
    let is_to_do = UnitState::TO_DO.contains(&unit.state);
    let to_mend = if is_to_do { submissions::to_mend(tx, id)? } else { None };
    let to_mend = to_mend.filter(|version| version.maker_id != person);
    let draft = drafts::find(tx, id)?;
    let shown = versions.iter().map(|version| &version.submission).chain(&to_mend);
    let pack = hand_overs::pack_of(tx, id)?;
    let drafted = draft.iter().flat_map(|draft| draft.file_ids.clone());
    let packed = pack.iter().flat_map(|pack| pack.file_ids.clone());
    let materials = materials::files_of(tx, id)?;
    let handed_in = shown.flat_map(|version| version.file_ids.clone());
    let files: Vec<FileId> =
        handed_in.chain(drafted).chain(packed).chain(materials.iter().copied()).collect();
    let files = ::files::find_many(tx, &files)?;
    let (desk, now) = (ask::desk(tx)?, tx.now());
    let rules = rules::reading(tx, unit.job)?;
    let samples = samples::of_job(tx, unit.job)?;
    let mut coachings = coachings::notes(tx, id)?;
    coachings.retain(|one| one.closed_at.is_some());
    let against = match appeals::mine(tx, id) {
        Ok(against) => Some(against),
        Err(DbError::NotFound) => None,
        Err(error) => return Err(error),
    };
    Ok(Sheet {
        unit,
        versions,
        draft,
        to_mend,
        pack,
        files,
        desk,
        rules,
        samples,
        materials,
        coachings,
        against,
        now,
    })
}

/// What `person` handed in for a unit, the oldest first.
pub(super) fn own_versions(tx: &mut Tx<'_>, unit: UnitId, person: PersonId) -> Result<Vec<Version>, DbError> {
    let versions = submissions::of_unit(tx, unit)?;
    Ok(versions.into_iter().filter(|version| version.submission.maker_id == person).collect())
}

#[derive(Serialize)]
struct FileView {
    href: String,
    name: String,
}

impl FileView {
    fn all(ids: &[FileId], files: &BTreeMap<FileId, StoredFile>) -> Vec<Self> {
        let stored = ids.iter().filter_map(|id| files.get(id));
        stored.map(|file| Self { href: paths::file(file.id), name: file.name.clone() }).collect()
    }
}

/// What a client got of a version.
#[derive(Serialize)]
struct ResultView {
    text: String,
    files: Vec<FileView>,
}

impl ResultView {
    fn of(version: Submission, files: &BTreeMap<FileId, StoredFile>) -> Self {
        Self { files: FileView::all(&version.file_ids, files), text: version.result_text }
    }
}

/// What somebody else said about a version.
#[derive(Serialize)]
struct ReviewView {
    verdict: Verdict,
    /// Why, in words; empty where it passed.
    reason: String,
    /// The specification was at fault, so this is no mistake of the worker's.
    not_your_fault: bool,
    comment: String,
    when: String,
    /// What was found of places and items.
    found: Found,
    /// Somebody will sit down with them.
    coaching: bool,
}

#[derive(Serialize)]
struct VersionView {
    number: i32,
    when: String,
    iso: String,
    result_text: String,
    files: Vec<FileView>,
    memo: String,
    /// How long they said it took; empty where they did not.
    minutes: String,
    /// How it differs from their version before.
    changes: Option<Changes>,
    review: Option<ReviewView>,
    /// When it was taken back; empty where it was not.
    retracted: String,
}

impl VersionView {
    /// The newest first.
    fn all(call: &Call, versions: Vec<Version>, files: &BTreeMap<FileId, StoredFile>) -> Vec<Self> {
        let before = std::iter::once(None).chain(versions.iter().map(Some));
        let compared = |(before, version): (Option<&Version>, &Version)| {
            before.map(|before| Changes::between(&before.submission, &version.submission, files))
        };
        let changes: Vec<_> = before.zip(&versions).map(compared).collect();
        let shown = versions.into_iter().zip(changes).rev();
        shown.map(|(version, changes)| Self::of(call, version, changes, files)).collect()
    }

    fn of(
        call: &Call,
        version: Version,
        changes: Option<Changes>,
        files: &BTreeMap<FileId, StoredFile>,
    ) -> Self {
        let Version { submission, review, retracted_at, .. } = version;
        Self {
            minutes: said(call, submission.minutes),
            changes,
            number: submission.number,
            when: format::moment(call.language, submission.submitted_at),
            iso: submission.submitted_at.to_rfc3339(),
            files: FileView::all(&submission.file_ids, files),
            result_text: submission.result_text,
            memo: submission.memo,
            retracted: retracted_at.map_or_else(String::new, |at| format::moment(call.language, at)),
            review: review.map(|review| ReviewView {
                found: Found::of(call, &review, files),
                coaching: review.coaching,
                verdict: review.verdict,
                reason: review.reason.map_or_else(String::new, |reason| {
                    call.text(&format!("my-unit-reason-{}", reason.as_str().replace('_', "-")))
                }),
                not_your_fault: review.fault == Some(Fault::Specification),
                comment: review.comment,
                when: format::moment(call.language, review.reviewed_at),
            }),
        }
    }
}

/// What the client wants mended, as its worker reads it.
#[derive(Serialize)]
struct FixView {
    wish: String,
    comment: String,
    not_your_fault: bool,
    /// What mending pays beside the unit's own pay; empty where nothing.
    extra_pay: String,
}

impl FixView {
    fn of(call: &Call, fix: FixWanted) -> Self {
        let paid = fix.extra_pay > kernel::Yen(0);
        Self {
            wish: fix.wish,
            comment: fix.comment,
            not_your_fault: fix.fault == Fault::Specification,
            extra_pay: if paid { format::yen(call.language, fix.extra_pay) } else { String::new() },
        }
    }
}

/// Until when a unit is kept without a sign of its worker.
fn kept(call: &Call, unit: &MyUnit) -> String {
    unit.kept.map_or_else(String::new, |kept| {
        parts::say(call, "my-unit-kept", &[("until", format::full_moment(call.language, kept.until))])
    })
}

/// What a holder may do to a unit in some states; templates show only what this unit's state allows now.
const OWN_MOVES: [Move; 6] =
    [Move::Start, Move::Pause, Move::Resume, Move::Submit, Move::Retract, Move::HandBack];

fn can(unit: &MyUnit) -> Vec<Move> {
    let leads_on = |own: &Move| match own {
        Move::Start | Move::Submit if unit.appealed => false,
        Move::Submit => way_to_submit(unit.state).is_some(),
        other => next(unit.state, *other).is_ok(),
    };
    OWN_MOVES.into_iter().filter(leads_on).collect()
}

#[derive(Serialize)]
struct UnitPage {
    title: String,
    crumbs: Vec<Crumb>,
    href: String,
    state: UnitState,
    /// Somebody let it pass, and a second person looks at it.
    in_second_check: bool,
    /// Their appeal against its return waits: nothing is to be done and no clock runs.
    appealed: bool,
    /// Whether the worker has something to do at all.
    is_mine_to_do: bool,
    content: String,
    materials: Vec<FileView>,
    rules: String,
    /// What changed of them since the worker last looked, while there is something to do.
    unread: Option<Unread>,
    id: UnitId,
    job_href: String,
    samples: Vec<SampleView>,
    due: Due,
    time: String,
    pay: String,
    pay_on: String,
    /// How long it is kept without a sign, in words; empty where it has no end.
    kept: String,
    /// They were asked whether they go on.
    is_asked: bool,
    /// The later day the job has now, where the worker has not accepted it yet.
    moved_to: Option<String>,
    ask: Option<Ask>,
    fix: Option<FixView>,
    /// What the client has, where the worker did not make it: a text and files, never the memo.
    to_mend: Option<ResultView>,
    /// What somebody else had made of it, and what they say about it.
    pack: Option<ResultView>,
    pack_memo: String,
    can: Vec<Move>,
    work: WorkForm,
    /// The newest first.
    versions: Vec<VersionView>,
    /// What was agreed in coachings, the oldest first.
    coachings: Vec<Agreed>,
    /// Where they may ask for another reviewer's word, or read it; empty where nothing was held against them.
    appeal_href: String,
    /// Another reviewer has answered them.
    appeal_heard: bool,
    /// What doing anew what came back pays beside, where review said so; empty where nothing.
    returned_pay: String,
    /// What was sent came second: the unit had been handed in from another page, and nothing of this was taken.
    came_second: bool,
    form: FormView,
}

/// What was agreed when somebody sat down with them.
#[derive(Serialize)]
struct Agreed {
    day: String,
    note: String,
}

impl Agreed {
    fn of(call: &Call, one: Coaching) -> Self {
        let day = one.held_on.map_or_else(String::new, |day| format::full_date(call.language, day));
        Self { day, note: one.note }
    }
}

impl UnitPage {
    fn new(call: &Call, sheet: Sheet, form: &Form, failure: Option<&Failure>) -> Self {
        let Sheet {
            unit,
            versions,
            draft,
            to_mend,
            pack,
            files,
            desk,
            rules,
            samples,
            materials,
            coachings,
            against,
            now,
        } = sheet;
        let name = parts::unit_name(call, &unit.job_title, &unit.label);
        let is_to_do = UnitState::TO_DO.contains(&unit.state);
        let language = call.language;
        let moves = can(&unit);
        let answered = against.as_ref().and_then(|against| against.appeal.as_ref());
        let appeal_heard = answered.is_some_and(|appeal| appeal.outcome.is_some());
        // What is over, or was taken as it was, is no question any more.
        let may_appeal = against.is_some_and(|against| {
            let is_new = unit.state == UnitState::Returned && against.appeal.is_some();
            against.may_appeal || unit.appealed || unit.state == UnitState::Rejected || is_new
        });
        let work = WorkForm::of(call, draft.as_ref(), &versions, &files, unit.kept, failure);
        let prefilled = draft::prefilled(form, draft.as_ref(), &versions);
        let versions = VersionView::all(call, versions, &files);
        Self {
            crumbs: vec![Crumb::new(call, "nav-units", "/my-units")],
            href: paths::my_unit(unit.unit),
            id: unit.unit,
            job_href: paths::my_job(unit.job),
            samples: samples.views(call),
            materials: FileView::all(&materials, &files),
            unread: Unread::of(call, &rules).filter(|_| is_to_do),
            is_mine_to_do: is_to_do,
            due: format::due_on(language, now, unit.work_due_on),
            time: format::duration(language, unit.unit_minutes.into()),
            pay: format::yen(language, unit.unit_pay),
            pay_on: pages::paid(call, &unit),
            returned_pay: returned_pay(call, &unit),
            kept: kept(call, &unit),
            is_asked: unit.kept.is_some_and(|kept| kept.is_asked),
            moved_to: unit.moved_to.map(|day| format::full_date(language, day)),
            fix: unit.fix.map(|fix| FixView::of(call, fix)),
            to_mend: to_mend.map(|version| ResultView::of(version, &files)),
            pack_memo: pack.as_ref().map_or_else(String::new, |pack| pack.memo.clone()),
            pack: pack.map(|pack| ResultView {
                files: FileView::all(&pack.file_ids, &files),
                text: pack.result_text,
            }),
            work,
            can: moves,
            appeal_heard,
            came_second: false,
            versions,
            coachings: coachings.into_iter().map(|one| Agreed::of(call, one)).collect(),
            appeal_href: if may_appeal {
                format!("{}/appeal", paths::my_unit(unit.unit))
            } else {
                String::new()
            },
            form: prefilled.view(call, failure),
            ask: Ask::about(call, &desk, &name),
            title: name,
            state: unit.state,
            in_second_check: unit.in_second_check,
            appealed: unit.appealed,
            content: unit.content,
            rules: unit.rules,
        }
    }
}

/// What doing anew what came back pays beside; empty where nothing, or where a fix says it.
fn returned_pay(call: &Call, unit: &MyUnit) -> String {
    let extra: i64 = unit.extra_pay.iter().map(|one| one.pay.0).sum();
    if extra > 0 && unit.fix.is_none() {
        format::yen(call.language, kernel::Yen(extra))
    } else {
        String::new()
    }
}

/// `GET /my-units/{unit}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let unit: UnitId = call.id("unit")?;
    match page(&call, unit, StatusCode::OK, &Form::default(), None).await {
        Err(failure) if failure.code == Code::NotFound => late::show(&call, unit, failure).await,
        shown => shown,
    }
}

/// The unit as it stands now, with what was typed and why it was refused.
pub(super) async fn again(
    call: &Call,
    unit: UnitId,
    form: &Form,
    failure: &Failure,
) -> Result<HttpResponse, Failure> {
    match page(call, unit, failure.status(), form, Some(failure)).await {
        Err(gone) if gone.code == Code::NotFound => late::again(call, unit, form, failure).await,
        shown => shown,
    }
}

/// The unit as it was handed in from another page, with what was sent after that: nothing of it was taken, and nothing of it
/// is lost.
pub(super) async fn came_second(call: &Call, unit: UnitId, form: &Form) -> Result<HttpResponse, Failure> {
    let person = call.person()?;
    let sheet = call.db(move |tx| read(tx, unit, person)).await?;
    let page = UnitPage { came_second: true, ..UnitPage::new(call, sheet, form, None) };
    call.page_with(StatusCode::CONFLICT, "my_units/show.html", &page)
}

async fn page(
    call: &Call,
    unit: UnitId,
    status: StatusCode,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let person = call.person()?;
    let sheet = call.db(move |tx| read(tx, unit, person)).await?;
    call.page_with(status, "my_units/show.html", &UnitPage::new(call, sheet, form, failure))
}
