//! One order: where it stands, its jobs, its deliveries, what the client asked for, and the next step.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use clients::{Contact, companies, contacts};
use db::{DbError, Tx};
use fulfillment::deliveries::{self, ClientWish, Delivery, SentUnits, WishKey};
use fulfillment::jobs::{self, Job, JobState, JobWithProgress};
use fulfillment::orders::{
    self, DueMove, Order, OrderLine, OrderState, OrderStatus, PersonShare, Pieces, Progress,
};
use fulfillment::promises::{self, Outlook};
use fulfillment::repeats::{self, RepeatWish};
use fulfillment::shares::{self, OrderShare};
use fulfillment::terms::TermsItem;
use kernel::{Language, OrderId, Page, Paging, PersonId, Typed, date_in_japan};
use serde::{Deserialize, Serialize};

use super::again::WishRow;
use super::due::MoveRow;
use super::lacking::{self, Lacking};
use super::offering::{can_be_offered, material_href, without_material};
use super::parts::{self, Bar};
use super::re_entrusted::ReEntrustedView;
use super::row;
use super::step::{NextStep, Todo, next_step};
use crate::call::Call;
use crate::capacity::said::{self, DaysView, Way};
use crate::deliveries::row::DeliveryRow;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::forms::{Form, FormView};
use crate::jobs::look::Look;
use crate::paths;
use crate::shares::bundle::OfOrder;
use crate::shell::Crumb;

/// What the page says, before words.
struct Facts {
    lacking: Vec<TermsItem>,
    now: DateTime<Utc>,
    order: Order,
    client: String,
    contact: Option<Contact>,
    lines: Vec<OrderLine>,
    progress: Progress,
    pieces: Pieces,
    status: Option<OrderStatus>,
    jobs: Vec<JobWithProgress>,
    moves: Vec<DueMove>,
    deliveries: Vec<(Delivery, SentUnits)>,
    wishes: Page<ClientWish, WishKey>,
    people: Vec<PersonShare>,
    names: HashMap<PersonId, String>,
    /// The order that this one repeats.
    repeats: Option<Order>,
    shares: Vec<OrderShare>,
    wish: Option<RepeatWish>,
    /// By when it will be done, as it was reckoned last.
    outlook: Option<Outlook>,
}

/// How many people the table names; the late ones come first.
const PEOPLE_SHOWN: usize = 50;

/// How many of the client's wishes a page lists.
const WISHES_SHOWN: u16 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    /// Which of the client's wishes come after those that were listed.
    after: Typed,
}

impl Facts {
    /// Units past their own day that are not handed in, or that nobody has.
    fn late(&self) -> i64 {
        self.status.as_ref().map_or(0, |status| status.late)
    }

    /// How it looks for its day as it is now; none where that was moved since, or nothing was reckoned.
    fn looks(&self) -> Option<&Outlook> {
        self.outlook.as_ref().filter(|outlook| outlook.due_on == self.order.due_on)
    }

    /// How many questions about it wait for an answer.
    fn questions(&self) -> i64 {
        self.status.as_ref().map_or(0, |status| status.questions)
    }
}

fn facts(tx: &mut Tx<'_>, id: OrderId, language: Language, after: Option<WishKey>) -> Result<Facts, DbError> {
    let order = orders::find(tx, id)?;
    let mut people = orders::people(tx, id)?;
    people.truncate(PEOPLE_SHOWN);
    let outlook = promises::outlook(tx, id)?;
    let helping = said::named(outlook.and_then(|outlook| outlook.help));
    let named = people.iter().map(|share| share.person).chain(helping);
    Ok(Facts {
        now: tx.now(),
        names: parts::people(tx, language, named)?,
        outlook,
        people,
        client: companies::find(tx, order.company_id)?.name,
        contact: order.contact_id.map(|contact| contacts::find(tx, contact)).transpose()?,
        lines: orders::lines(tx, id)?,
        progress: orders::progress(tx, id)?,
        pieces: orders::pieces(tx, id)?,
        status: status(tx, &order)?,
        jobs: jobs::of_order(tx, id)?,
        moves: orders::due_moves(tx, id)?,
        deliveries: deliveries::counted_of_order(tx, id)?,
        wishes: deliveries::wishes(tx, id, &Paging { after, ..Paging::first(WISHES_SHOWN) })?,
        repeats: order.repeats.map(|before| orders::find(tx, before)).transpose()?,
        shares: shares::of_order(tx, id)?,
        wish: repeats::open_of_order(tx, id)?,
        lacking: lacking::of_order(tx, id, matches!(order.state, OrderState::Draft | OrderState::Running))?,
        order,
    })
}

/// The seven answers about a running order.
fn status(tx: &mut Tx<'_>, order: &Order) -> Result<Option<OrderStatus>, DbError> {
    let is_running = order.state == OrderState::Running;
    is_running.then(|| orders::status(tx, order.clone())).transpose()
}

#[derive(Serialize)]
struct OrderPage {
    title: String,
    crumbs: Vec<Crumb>,
    state: OrderState,
    form: FormView,
    answer: String,
    client: String,
    client_href: String,
    contact: String,
    due: Due,
    amount: String,
    client_terms: String,
    bar: Bar,
    pieces: String,
    schedule: Option<Schedule>,
    lines: Vec<Line>,
    jobs: Vec<JobRow>,
    deliveries: Vec<DeliveryRow>,
    fixes: Vec<FixRow>,
    fixes_next: String,
    fixes_first: String,
    people: Vec<PersonRow>,
    people_note: String,
    step: NextStep,
    offer: Option<String>,
    split: Option<String>,
    move_due: Option<String>,
    /// The last move of its day.
    moved: Option<MoveRow>,
    close: Option<String>,
    cancel: Option<String>,
    short_reason: String,
    /// Why it was taken back with its deal; empty unless it was.
    withdrawn_because: String,
    /// From whom it is re-entrusted; none where nothing was said of it.
    re_entrusted: Option<ReEntrustedView>,
    re_entrust: Option<String>,
    /// Where a part of it is shared with another town, and where that is read.
    share: Option<String>,
    /// What partner towns do of it.
    shared: Option<OfOrder>,
    /// Where the same is ordered once more.
    again: String,
    /// What the order was that this one repeats, and its page; empty where it repeats none.
    repeats: String,
    repeats_href: String,
    /// What the client would like once more; one at most.
    wished: Vec<WishRow>,
    may_write: bool,
    lacking: Vec<Lacking>,
    /// By when it will be done; none once it has ended.
    days: Option<DaysView>,
    /// What would help where that is too late.
    help: String,
    /// Where that is done; none where it is done here.
    way: Option<Way>,
    history: String,
}

#[derive(Serialize)]
struct Schedule {
    text: String,
    tone: &'static str,
    icon: &'static str,
    workers: String,
    late: String,
    /// How likely it comes after its day, where that is a risk; empty where it is none.
    likely_late: String,
    /// Work whose day lies after the order's; empty where there is none.
    after: String,
}

#[derive(Serialize)]
struct Line {
    description: String,
    quantity: String,
    unit_price: String,
    amount: String,
    tax: String,
}

#[derive(Serialize)]
struct JobRow {
    id: String,
    title: String,
    href: String,
    look: Look,
    due: Due,
    pay: String,
    minutes: String,
    bar: Bar,
    offer: String,
    is_again: bool,
    /// Where its units get the material that they lack; empty where they lack none.
    material: String,
    extend: String,
}

#[derive(Serialize)]
struct FixRow {
    label: String,
    href: String,
    note: String,
    delivery: String,
    state: String,
}

#[derive(Serialize)]
struct PersonRow {
    name: String,
    to_do: String,
    submitted: String,
    finished: String,
    /// When the next of what they have to do is due; none where nothing is to be done.
    due: Option<Due>,
    late: String,
}

fn person_row(call: &Call, facts: &Facts, share: &PersonShare) -> PersonRow {
    PersonRow {
        name: facts.names.get(&share.person).cloned().unwrap_or_default(),
        to_do: format::count(share.to_do),
        submitted: format::count(share.submitted),
        finished: format::count(share.finished),
        due: share.next_due_on.map(|day| format::due(call.language, facts.now, day)),
        late: if share.late == 0 {
            String::new()
        } else {
            parts::say_count(call, "orders-person-late", share.late)
        },
    }
}

/// `GET /orders/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    render(&call, id, None).await
}

/// The page, or the page again with the reason why an action on it was refused.
pub(super) async fn render(
    call: &Call,
    id: OrderId,
    refused: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let after = format::read_page_key::<WishKey>(call.query::<Query>().after.as_str());
    let facts = call.db(move |tx| facts(tx, id, language, after)).await?;
    let mut page = page(call, &facts, refused);
    if after.is_some() {
        page.fixes_first = format!("{}#fixes", paths::order(id));
    }
    call.page_with(refused.map_or(StatusCode::OK, Failure::status), "orders/show.html", &page)
}

fn page(call: &Call, facts: &Facts, refused: Option<&Failure>) -> OrderPage {
    let order = &facts.order;
    let here = paths::order(order.id);
    let is_open = matches!(order.state, OrderState::Draft | OrderState::Running);
    let may_write = parts::may_write(call);
    let today = date_in_japan(facts.now);
    let has_offers = facts.jobs.iter().any(|row| can_be_offered(row, today));
    OrderPage {
        title: order.title.clone(),
        crumbs: vec![Crumb::new(call, "nav-orders", "/orders")],
        state: order.state,
        form: Form::default().view(call, refused),
        lacking: Lacking::all(call, order.id, &facts.lacking),
        answer: answer(call, facts),
        client: facts.client.clone(),
        client_href: paths::company(order.company_id),
        contact: facts.contact.as_ref().map(|contact| contact.salutation(call.language)).unwrap_or_default(),
        due: match order.state {
            OrderState::Closed | OrderState::Cancelled => format::day(call.language, order.due_on),
            _ => format::due(call.language, facts.now, order.due_on),
        },
        amount: format::yen(call.language, order.amount),
        client_terms: order.client_terms.clone(),
        bar: Bar::of(call, &facts.progress),
        pieces: row::pieces(call, &facts.pieces),
        schedule: facts.status.as_ref().map(|status| schedule(call, status)),
        lines: facts.lines.iter().map(|line| line_row(call, line)).collect(),
        jobs: facts.jobs.iter().map(|job| job_row(call, facts.now, job, is_open, may_write)).collect(),
        deliveries: facts
            .deliveries
            .iter()
            .map(|(sent, units)| DeliveryRow::of(call, facts.now, sent, units, ""))
            .collect(),
        fixes: facts.wishes.items.iter().map(|wish| fix_row(call, wish, may_write)).collect(),
        fixes_next: (facts.wishes.next.as_ref())
            .map_or_else(String::new, |key| format!("{here}?after={}#fixes", format::page_key(key))),
        fixes_first: String::new(),
        step: step(call, facts),
        people: facts.people.iter().map(|share| person_row(call, facts, share)).collect(),
        people_note: if facts.people.len() >= PEOPLE_SHOWN {
            parts::say_count(call, "orders-person-cut", i64::try_from(PEOPLE_SHOWN).unwrap_or(i64::MAX))
        } else {
            String::new()
        },
        offer: (may_write && is_open && has_offers).then(|| format!("{here}/offer")),
        split: (may_write && is_open).then(|| format!("{here}/jobs/new")),
        move_due: (may_write && is_open).then(|| format!("{here}/due")),
        moved: facts.moves.first().map(|moved| MoveRow::of(call, moved)),
        close: (may_write && rests(facts)).then(|| format!("{here}/close")),
        short_reason: order.short_reason.clone().unwrap_or_default(),
        withdrawn_because: order.withdrawn_because.clone().unwrap_or_default(),
        cancel: (may_write && is_open).then(|| format!("{here}/cancel")),
        re_entrusted: ReEntrustedView::of(call, order),
        re_entrust: (may_write && is_open).then(|| format!("{here}/re-entrusted")),
        share: (may_write && is_open).then(|| format!("{here}/share")),
        shared: OfOrder::of(call, order, &facts.pieces, &facts.shares),
        again: if order.withdrawn_because.is_some() { String::new() } else { format!("{here}/again") },
        repeats: facts.repeats.as_ref().map(|before| before.title.clone()).unwrap_or_default(),
        repeats_href: order.repeats.map(paths::order).unwrap_or_default(),
        wished: facts.wish.iter().map(|wish| WishRow::of(call, wish)).collect(),
        may_write,
        days: is_open.then(|| days(call, facts)),
        help: facts
            .looks()
            .and_then(|outlook| outlook.help)
            .map_or_else(String::new, |help| said::help(call, &help, &facts.names)),
        way: facts.looks().filter(|_| may_write).and_then(|outlook| Way::of(call, outlook)),
        history: format!("{here}/promises"),
    }
}

fn days(call: &Call, facts: &Facts) -> DaysView {
    match facts.looks() {
        Some(outlook) => DaysView::of_order(call, outlook),
        None if facts.outlook.is_some() => DaysView::unknown(call, "capacity-moved"),
        None => DaysView::unknown(call, "capacity-not-yet"),
    }
}

/// Whether everything split so far is accepted and more was ordered: nothing goes on unless somebody decides.
fn rests(facts: &Facts) -> bool {
    let progress = &facts.progress;
    facts.order.state == OrderState::Running
        && progress.accepted > 0
        && progress.accepted == progress.live()
        && facts.pieces.left() > 0
}

/// The job whose units get their material next.
fn material_first(facts: &Facts) -> Option<&Job> {
    let todo = Todo::of(facts.order.state, &facts.progress, facts.late(), facts.questions());
    if todo == Todo::Offer { without_material(&facts.jobs, date_in_japan(facts.now)) } else { None }
}

fn step(call: &Call, facts: &Facts) -> NextStep {
    match material_first(facts) {
        Some(job) => NextStep {
            label: call.text("jobs-material-give"),
            href: material_href(job),
            icon: "unit",
            is_mine: true,
        },
        None => next_step(call, &facts.order, &facts.progress, facts.late(), facts.questions()),
    }
}

fn answer(call: &Call, facts: &Facts) -> String {
    let progress = &facts.progress;
    if material_first(facts).is_some() {
        return call.text("jobs-material-lacks-title");
    }
    let todo = Todo::of(facts.order.state, progress, facts.late(), facts.questions());
    let counted = |key, count: i64| parts::say_count(call, key, count);
    match todo {
        Todo::Split => call.text("orders-say-split"),
        Todo::Offer => counted("orders-say-offer", progress.draft),
        Todo::Answer => counted("questions-answer", facts.questions()),
        Todo::Review => counted("orders-say-review", progress.submitted),
        Todo::DecideFix => counted("orders-say-decide-fix", progress.claimed_back),
        Todo::Decide => counted("orders-say-decide", progress.refused),
        Todo::Deliver => counted("orders-say-deliver", progress.passed),
        Todo::Chase => counted("orders-say-chase", facts.late()),
        Todo::WaitForTakers => counted("orders-say-wait-takers", progress.offered),
        Todo::WaitForWorkers => counted("orders-say-wait-workers", progress.not_done()),
        Todo::WaitForClient => counted("orders-say-wait-client", progress.delivered),
        Todo::Look if rests(facts) => counted("orders-say-short", facts.pieces.left()),
        Todo::Look if facts.order.short_reason.is_some() => call.text("orders-say-closed-short"),
        Todo::Look if facts.order.state == OrderState::Closed => call.text("orders-say-closed"),
        Todo::Look if facts.order.withdrawn_because.is_some() => call.text("orders-say-withdrawn"),
        Todo::Look if facts.order.state == OrderState::Cancelled => call.text("orders-say-cancelled"),
        Todo::Look => String::new(),
    }
}

fn schedule(call: &Call, status: &OrderStatus) -> Schedule {
    let (tone, icon) = row::look(status.schedule);
    Schedule {
        text: call.text(&parts::text_key("orders-schedule", status.schedule.as_str())),
        tone,
        icon,
        workers: parts::say(call, "orders-people", &[("count", format::count(status.workers))]),
        late: row::said_where_some(call, "orders-late-units", status.late),
        likely_late: row::likely_late(call, status),
        after: row::said_where_some(call, "orders-after-order", status.after_order),
    }
}

fn line_row(call: &Call, line: &OrderLine) -> Line {
    let amount = line.unit_price.times(i64::from(line.quantity)).unwrap_or(line.unit_price);
    Line {
        description: line.description.clone(),
        quantity: format::count(i64::from(line.quantity)),
        unit_price: format::yen(call.language, line.unit_price),
        amount: format::yen(call.language, amount),
        tax: format!("{}%", line.tax_rate.0),
    }
}

fn job_row(call: &Call, now: DateTime<Utc>, row: &JobWithProgress, is_open: bool, may_write: bool) -> JobRow {
    let job = &row.job;
    let can_offer = may_write
        && is_open
        && job.state != JobState::Closed
        && job.work_due_on >= date_in_japan(now)
        && row.progress.draft + row.progress.offered > 0
        && !job.lacks_material;
    let is_late = job.work_due_on < date_in_japan(now) && row.progress.not_done() > 0;
    JobRow {
        id: format!("job-{}", job.id),
        title: job.title.clone(),
        href: if may_write { paths::job(job.id) } else { String::new() },
        look: Look::of(call, job, &row.progress, date_in_japan(now)),
        due: if row.progress.not_done() == 0 {
            format::day(call.language, job.work_due_on)
        } else {
            format::due(call.language, now, job.work_due_on)
        },
        // What workers are paid is the coordinators' business, not the salespeople's.
        pay: if may_write { format::yen(call.language, job.unit_pay) } else { String::new() },
        minutes: format::duration(call.language, i64::from(job.unit_minutes)),
        bar: Bar::of(call, &row.progress),
        offer: if can_offer { format!("{}/offer", paths::job(job.id)) } else { String::new() },
        is_again: job.state == JobState::Offered && row.progress.draft == 0,
        material: if may_write && is_open && row.progress.draft > 0 {
            material_href(job)
        } else {
            String::new()
        },
        extend: if may_write && is_open && is_late {
            format!("{}/extend", paths::job(job.id))
        } else {
            String::new()
        },
    }
}

fn fix_row(call: &Call, wish: &ClientWish, may_write: bool) -> FixRow {
    FixRow {
        label: parts::unit_name(call, &wish.job_title, &wish.label),
        href: if may_write { format!("/units/{}", wish.unit) } else { String::new() },
        note: wish.note.clone(),
        delivery: parts::say(call, "deliveries-number", &[("number", wish.number.to_string())]),
        state: wish.state.to_string(),
    }
}
