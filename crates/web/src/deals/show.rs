//! One deal: what it is, who acts next, what happened, and the form that logs an activity with its next action.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Days, NaiveDate, Utc};
use clients::companies::{self, Company};
use clients::contacts::{self, Contact};
use db::{DbError, Tx};
use fulfillment::orders::{self, OrderState};
use kernel::{Code, CompanyId, DealId, FieldProblem, OrderId, Page, Paging, PersonId, Typed, date_in_japan};
use sales::activities::{self, Activity, ActivityInput, ActivityKey, ActivityKind, Outcome};
use sales::day::{self, Due, DueKind};
use sales::deals::{self, Deal, DealEvent, DealEventKind, DealState, DealStatus, Stay};
use sales::hearings::{self, Hearing};
use sales::lines::{self, DealLines};
use sales::pipelines;
use sales::quotes::{self, Quote};
use sales::sendings::{self, QuoteEvent};
use sales::stages::{self, Stage, StageKind};
use sales::todos::Todo;
use sales::{About, colleagues};
use serde::{Deserialize, Serialize};

use super::lines::LinesView;
use super::stays::{self, StageTime};
use super::timeline::{self, Around, Entry};
use super::{already, crumbs, may_sell, step};
use crate::board::pages::Trouble;
use crate::call::Call;
use crate::contacts::ContactRow;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::hearings::HearingRow;
use crate::leads::origin::{Origin, OriginView};
use crate::my_day::pages::others;
use crate::my_day::rows;
use crate::overtaken::Unsaved;
use crate::paths;
use crate::phrases::{self, Choice, counted, said, word};
use crate::quotes::Offer;
use crate::session::Flash;
use crate::shell::Crumb;
use crate::todos::{self, TodoRow};

/// How many activities a page shows.
const ACTIVITIES: u16 = 50;
/// In how many days the next action is due unless the person says otherwise.
const NEXT_IN: Days = Days::new(7);

struct Facts {
    deal: Deal,
    company: Company,
    closed_on: Option<NaiveDate>,
    contact: Option<Contact>,
    stages: Vec<Stage>,
    events: Vec<DealEvent>,
    /// What this page shows of [`Facts::correspondence`].
    quote_events: Vec<QuoteEvent>,
    /// What happened to the deal's quotes, the newest first.
    correspondence: Vec<QuoteEvent>,
    stays: Vec<Stay>,
    lines: DealLines,
    has_other_pipelines: bool,
    activities: Page<Activity, ActivityKey>,
    quotes: Vec<Quote>,
    hearings: Vec<Hearing>,
    people: BTreeMap<PersonId, Person>,
    order: Option<OrderId>,
    /// Whether its order is more than a draft, so that nobody may take it back.
    has_begun: bool,
    origin: Option<Origin>,
    todos: Vec<Todo>,
    around: todos::Around,
    colleagues: Vec<Person>,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, id: DealId, after: Option<ActivityKey>) -> Result<Facts, DbError> {
    let deal = deals::find(tx, id)?;
    let company = companies::find(tx, deal.company_id)?;
    let contact = match deal.contact_id {
        Some(contact) => Some(contacts::find(tx, contact)?),
        None => None,
    };
    let until = after.as_ref().map(|key| key.0);
    let activities = activities::history(tx, id, &Paging { after, ..Paging::first(ACTIVITIES) })?;
    let since = activities.next.as_ref().map(|key| key.0);
    // History is shown beside the activities of the same time.
    let of_this_page =
        |at: DateTime<Utc>| until.is_none_or(|until| at < until) && since.is_none_or(|since| at >= since);
    let history = deals::history(tx, id)?;
    let stays = deals::stays(&history, tx.now());
    let events: Vec<DealEvent> =
        history.into_iter().filter(|event| of_this_page(event.happened_at)).collect();
    let correspondence = sendings::of_deal(tx, id)?;
    let quote_events: Vec<QuoteEvent> =
        correspondence.iter().filter(|event| of_this_page(event.happened_at)).cloned().collect();
    let mut named: BTreeSet<PersonId> = events.iter().filter_map(DealEvent::person).collect();
    named.extend(activities.items.iter().map(|activity| activity.person_id));
    named.extend(quote_events.iter().filter_map(|event| event.person_id));
    named.insert(deal.owner_id);
    let order = match deal.state.status() {
        DealStatus::Won => orders::of_deal(tx, id)?,
        _ => None,
    };
    let todos = sales::todos::of(tx, About::Deal(id))?;
    Ok(Facts {
        closed_on: companies::closed_on(tx, company.id)?,
        stages: stages::ever(tx)?,
        quotes: quotes::of_deal(tx, id)?,
        hearings: hearings::of_deal(tx, id)?,
        lines: lines::of_deal(tx, id)?,
        has_other_pipelines: pipelines::in_use(tx)?.len() > 1,
        people: persons::find_many(tx, &named.into_iter().collect::<Vec<_>>())?,
        now: tx.now(),
        deal,
        company,
        contact,
        events,
        quote_events,
        correspondence,
        stays,
        activities,
        has_begun: order.as_ref().is_some_and(|order| order.state != OrderState::Draft),
        order: order.map(|order| order.id),
        origin: Origin::of(tx, id)?,
        around: todos::around(tx, &todos)?,
        todos,
        colleagues: colleagues::list(tx)?,
    })
}

#[derive(Serialize)]
struct DealPage {
    title: String,
    crumbs: Vec<Crumb>,
    state: DealStatus,
    stage: String,
    /// The other open stages it can be moved to.
    stages: Vec<Choice>,
    amount: String,
    /// How its order came, where nobody had to win it; empty otherwise.
    direct: String,
    company: CompanyLink,
    closed_on: String,
    owner: String,
    /// Who acts next: the owner, or "you".
    actor: String,
    expected_close: String,
    next: Option<Next>,
    /// Words about how it ended; empty while it is open.
    ending: String,
    ending_note: String,
    /// Why it was not moved.
    trouble: Option<Trouble>,
    /// It was decided before it came here; no order follows from it.
    is_past: bool,
    contact: Option<ContactRow>,
    /// The lead it came from.
    origin: Option<OriginView>,
    /// What a `tel:` link to the contact dials; empty where they have no number or refuse to be called.
    dial: String,
    offer: Offer,
    hearings: Vec<HearingRow>,
    lines: LinesView,
    times: Vec<StageTime>,
    timeline: Vec<Entry>,
    older: String,
    is_first: bool,
    version: i32,
    may_write: bool,
    has_begun: bool,
    /// Right after something was logged: what is due next.
    next_up: Option<NextUp>,
    paths: Paths,
    kinds: Vec<Choice>,
    outcomes: Vec<Choice>,
    /// Who can be told of what is logged.
    colleagues: Vec<Choice>,
    todos: Vec<TodoRow>,
    todo_new: String,
    form: FormView,
    /// What was typed about a deal that is closed by now.
    unsaved: Vec<Unsaved>,
}

#[derive(Serialize)]
struct CompanyLink {
    name: String,
    href: String,
}

#[derive(Serialize)]
struct Next {
    action: String,
    due: format::Due,
}

#[derive(Serialize)]
struct NextUp {
    href: String,
    text: String,
}

/// The first of what the person still has to do by today, where this page follows something they logged.
async fn next_up(call: &Call, here: DealId) -> Result<Option<NextUp>, Failure> {
    let logged = Flash::of(&call.request).is_some_and(|flash| flash.key == "done-activity-logged");
    if !logged {
        return Ok(None);
    }
    let person = call.person()?;
    let (counts, first) = call
        .db(move |tx| -> Result<_, DbError> {
            Ok((day::counts(tx, person)?, day::due(tx, person, &Paging::first(2))?.items))
        })
        .await?;
    let is_here = |due: &Due| due.kind == DueKind::Deal && due.id == here.0;
    let next = first.iter().find(|due| !is_here(due)).map(rows::place);
    Ok(next.map(|href| NextUp { href, text: counted(call, "deal-next-up", "count", counts.due) }))
}

#[derive(Serialize)]
struct Paths {
    here: String,
    edit: String,
    activities: String,
    quote: String,
    hearing: String,
    chance: String,
    win: String,
    lose: String,
    sleep: String,
    reopen: String,
    to_stage: String,
    again: String,
    /// Empty where the town has one pipeline.
    transfer: String,
    /// The won deal that it repeats; empty where it repeats none.
    repeats: String,
    order: Option<String>,
}

impl Paths {
    fn of(deal: &Deal, order: Option<OrderId>, has_other_pipelines: bool) -> Self {
        let id = deal.id;
        Self {
            here: paths::deal(id),
            edit: step(id, "edit"),
            activities: step(id, "activities"),
            quote: step(id, "quotes/new"),
            hearing: step(id, "hearings/new"),
            chance: step(id, "chance"),
            win: step(id, "win"),
            lose: step(id, "lose"),
            sleep: step(id, "sleep"),
            reopen: step(id, "reopen"),
            to_stage: step(id, "move"),
            again: step(id, "again"),
            transfer: if has_other_pipelines { step(id, "transfer") } else { String::new() },
            repeats: deal.repeats.map(paths::deal).unwrap_or_default(),
            order: order.map(paths::order),
        }
    }
}

fn ending(call: &Call, state: &DealState) -> (String, String) {
    let date = |at: &DateTime<Utc>| format::full_date(call.language, date_in_japan(*at));
    match state {
        DealState::Open(_) => (String::new(), String::new()),
        DealState::Won { won_at } => (said(call, "deal-won-on", [("date", &date(won_at))]), String::new()),
        DealState::Lost { lost_at, loss } => {
            let reason = word(call, "deal-lost-reason", loss.lost_reason);
            let words = [("date", date(lost_at)), ("reason", reason)];
            let words = words.each_ref().map(|(name, text)| (*name, text.as_str()));
            (said(call, "deal-lost-on", words), loss.lost_note.clone())
        }
        DealState::Dormant { slept_at } => {
            (said(call, "deal-dormant-since", [("date", &date(slept_at))]), String::new())
        }
    }
}

/// Whether the deal's own page offers to move it to `to`: an open stage that the town's rules let it go to.
fn may_go(stages: &[Stage], deal: &Deal, to: &Stage) -> bool {
    let here = stages.iter().find(|stage| stage.id == deal.stage_id);
    to.kind == StageKind::Open
        && to.removed_at.is_none()
        && to.id != deal.stage_id
        && here.is_some_and(|here| here.pipeline_id == to.pipeline_id && here.leads_to(to.id))
}

fn deal_page(call: &Call, facts: Facts, is_first: bool, form: &Form, failure: Option<&Failure>) -> DealPage {
    let can_be_mailed = facts.contact.as_ref().is_some_and(|contact| contact.email.is_some());
    let offer =
        Offer::of(call, &facts.quotes, &facts.correspondence, can_be_mailed, date_in_japan(facts.now));
    let Facts { deal, company, stages, people, now, .. } = facts;
    let language = call.language;
    let around = Around { people: &people, stages: &stages };
    let next = deal.state.next_action().map(|next| Next {
        action: next.next_action.clone(),
        due: format::due(language, now, next.next_action_on),
    });
    let (ending, ending_note) = ending(call, &deal.state);
    let owner = people.get(&deal.owner_id).map(|owner| owner.name_in(language)).unwrap_or_default();
    let is_mine = call.who.as_ref().is_some_and(|who| who.person.id == deal.owner_id);
    let older =
        |key: &ActivityKey| phrases::address(&paths::deal(deal.id), &[("after", &format::page_key(key))]);
    DealPage {
        crumbs: crumbs(call),
        state: deal.state.status(),
        stage: stages
            .iter()
            .find(|stage| stage.id == deal.stage_id)
            .map(|stage| stage.name.clone())
            .unwrap_or_default(),
        stages: stages
            .iter()
            .filter(|stage| may_go(&stages, &deal, stage))
            .map(|stage| Choice::new(stage.id, stage.name.as_str()))
            .collect(),
        amount: phrases::amount(call, deal.amount),
        direct: deal.direct.map(|source| word(call, "deal-direct-source", source)).unwrap_or_default(),
        company: CompanyLink { name: company.name, href: paths::company(company.id) },
        closed_on: facts.closed_on.map(|day| format::full_date(language, day)).unwrap_or_default(),
        actor: if is_mine { call.text("deal-you") } else { owner.clone() },
        owner,
        expected_close: deal.expected_close_on.map(|on| format::full_date(language, on)).unwrap_or_default(),
        next,
        ending,
        ending_note,
        is_past: deal.state.status() != DealStatus::Open && deals::is_past(&facts.events),
        dial: facts
            .contact
            .as_ref()
            .filter(|contact| contact.may_be_called)
            .map(|contact| phrases::dial(&contact.phone))
            .unwrap_or_default(),
        contact: facts.contact.as_ref().map(|contact| ContactRow::of(call, contact)),
        origin: facts.origin.map(|origin| OriginView::of(call, now, origin)),
        lines: LinesView::of(call, &deal, &facts.lines),
        times: stays::times(call, &facts.stays, &stages),
        hearings: facts.hearings.iter().map(|hearing| HearingRow::of(call, hearing)).collect(),
        offer,
        timeline: timeline::merged(
            call,
            &around,
            &facts.events,
            &facts.activities.items,
            &facts.quote_events,
        ),
        older: facts.activities.next.as_ref().map(older).unwrap_or_default(),
        is_first,
        version: deal.version,
        may_write: may_sell(call),
        next_up: None,
        has_begun: facts.has_begun,
        paths: Paths::of(&deal, facts.order, facts.has_other_pipelines),
        kinds: phrases::choices(call, "activity-kind", ActivityKind::ALL),
        outcomes: phrases::choices(call, "activity-outcome", Outcome::ALL),
        colleagues: others(call, &facts.colleagues),
        todos: facts.around.rows(call, now, &facts.todos),
        todo_new: todos::new_about(About::Deal(deal.id)),
        unsaved: match deal.state {
            DealState::Open(_) => Vec::new(),
            _ => Unsaved::of(call, "activity-note", form.get("note"), Some(company_notes(company.id))),
        },
        form: form.view(call, failure),
        title: deal.title,
        trouble: None,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ShowQuery {
    after: Typed,
}

/// `GET /deals/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let after = format::read_page_key::<ActivityKey>(call.query::<ShowQuery>().after.as_str());
    let is_first = after.is_none();
    let facts = call.db(move |tx| facts(tx, id, after)).await?;
    let on = date_in_japan(facts.now) + NEXT_IN;
    let planned = facts.deal.state.next_action().map(|next| next.next_action.clone());
    let form = Form::default()
        .preset("kind", ActivityKind::Call)
        .preset("next_action", planned.unwrap_or_default())
        .preset("next_action_on", on);
    let page =
        DealPage { next_up: next_up(&call, id).await?, ..deal_page(&call, facts, is_first, &form, None) };
    call.page("deals/show.html", &page)
}

/// Where what was done for a company beside its deals is noted.
fn company_notes(company: CompanyId) -> String {
    format!("{}/activities", paths::company(company))
}

/// The deal as it is now, and why it was not moved from its own page.
pub(crate) async fn show_in_its_stage(
    call: &Call,
    id: DealId,
    trouble: Trouble,
    status: StatusCode,
) -> Result<HttpResponse, Failure> {
    let facts = call.db(move |tx| facts(tx, id, None)).await?;
    let page = deal_page(call, facts, true, &Form::default(), None);
    call.page_with(status, "deals/show.html", &DealPage { trouble: Some(trouble), ..page })
}

/// The deal as it is now, with the form that was refused: what was typed is kept, and the version is the new one.
pub(crate) async fn show_again(
    call: &Call,
    id: DealId,
    form: &Form,
    failure: &Failure,
) -> Result<HttpResponse, Failure> {
    let facts = call.db(move |tx| facts(tx, id, None)).await?;
    let status: StatusCode = phrases::again(failure);
    call.page_with(status, "deals/show.html", &deal_page(call, facts, true, form, Some(failure)))
}

/// `POST /deals/{id}/activities`
pub(crate) async fn log(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let form = call.form();
    let mut input: ActivityInput = form.input()?;
    input.version = form.get("version").into();
    let sent = input.clone();
    match call.db(move |tx| activities::log(tx, id, input)).await {
        Ok(_activity) => Ok(call.done(paths::deal(id), "done-activity-logged")),
        Err(failure) if failure.is_about_input() => {
            let failure = at_its_field(failure);
            if failure.code == Code::Stale
                && let Some(settled) = already::logged(&call, id, sent).await?
            {
                return Ok(settled);
            }
            show_again(&call, id, &form, &failure).await
        }
        Err(failure) => Err(failure),
    }
}

/// Points at the field where it can be mended. A version that is no number is a lost race and none of them.
pub(crate) fn at_its_field(mut failure: Failure) -> Failure {
    if failure.code == Code::CompanyClosed {
        failure.fields.push(FieldProblem::new("confirm_closed", Code::CompanyClosed));
    }
    failure.fields.retain(|problem| problem.field != "version");
    if failure.fields.is_empty() && failure.code == Code::Invalid {
        return Failure::of(Code::Stale);
    }
    failure
}

/// `POST /deals/{id}/sleep`
pub(crate) async fn sleep(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let form = call.form();
    let version = form.version()?;
    match call.db(move |tx| deals::sleep(tx, id, version)).await {
        Ok(deal) => Ok(call.done(paths::deal(deal.id), "done-deal-asleep")),
        Err(failure) if failure.is_about_input() => {
            match already::step(&call, id, DealEventKind::Slept).await? {
                Some(settled) => Ok(settled),
                None => show_again(&call, id, &Form::default(), &failure).await,
            }
        }
        Err(failure) => Err(failure),
    }
}
