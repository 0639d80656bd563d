//! Issuing a quote for a deal, and the quote as a document to print.

use std::collections::BTreeMap;
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use clients::{companies, contacts};
use db::{DbError, Tx};
use fulfillment::promises;
use kernel::{Code, DealId, Invalid, PersonId, QuoteId, date_in_japan};
use sales::costs::{self, CostRates, Costing, KeptCost, Outlook, QuotePromise};
use sales::deals::{self, Deal, DealStatus};
use sales::lines::{self, DealLine};
use sales::quotes::{self, Draft, Issuer, Quote, QuoteInput, QuoteLine, QuoteStatus};
use sales::sendings::{self, QuoteEvent, QuoteEventKind, Sending};
use serde::Serialize;

use super::form::{self, LineForm, ROWS, Step, TYPED};
use super::questions::Kept;
use super::{Document, DraftDocument, StateChip, last_sent, sending};
use crate::call::Call;
use crate::capacity;
use crate::capacity::said::DaysView;
use crate::costs::CostView;
use crate::deals::timeline::{self, Entry};
use crate::deals::{crumbs_below, may_sell, step};
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, Choice, said};
use crate::shell::Crumb;

/// How long an offer holds unless the person says otherwise.
const HOLDS: Days = Days::new(30);

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    deal: String,
    company: String,
    closed_on: String,
    action: String,
    cancel: String,
    /// Whether the fields were filled from the version before.
    is_next: bool,
    /// The version this one is written over; 0 where none stands.
    based_on: String,
    /// What somebody else issued while this was being written.
    newer: Option<Newer>,
    rows: Vec<usize>,
    rates: Vec<Choice>,
    form: FormView,
}

/// A version that was issued while another was being written.
#[derive(Serialize)]
struct Newer {
    /// By whom and when.
    text: String,
    /// Whether its client can look at it by now.
    is_out: bool,
    quote: Document,
}

impl Newer {
    async fn of(call: &Call, quote: &Quote) -> Result<Self, Failure> {
        let (id, person) = (quote.id, quote.person_id);
        let (who, is_out) = call
            .db(move |tx| -> Result<_, DbError> {
                Ok((persons::find(tx, person)?, is_out(&sendings::of_quote(tx, id)?, tx.now())))
            })
            .await?;
        let name = who.name_in(call.language);
        let at = format::moment(call.language, quote.issued_at);
        let text = said(call, "quote-newer-text", [("name", name.as_str()), ("at", at.as_str())]);
        Ok(Self { text, is_out, quote: Document::of(call, quote) })
    }
}

struct Facts {
    deal: Deal,
    company: String,
    closed_on: Option<NaiveDate>,
    standing: Option<Quote>,
    /// The newest version, whether or not it stands.
    newest: Option<Quote>,
    lines: Vec<DealLine>,
    now: DateTime<Utc>,
}

impl Facts {
    /// The id of the version that stands; 0 where none does.
    fn stands(&self) -> String {
        self.standing.as_ref().map_or("0".to_owned(), |quote| quote.id.to_string())
    }
}

async fn facts(call: &Call, id: DealId) -> Result<Facts, Failure> {
    call.db(move |tx| -> Result<_, DbError> {
        let deal = deals::find(tx, id)?;
        Ok(Facts {
            company: companies::find(tx, deal.company_id)?.name,
            closed_on: companies::closed_on(tx, deal.company_id)?,
            standing: quotes::standing(tx, id)?,
            newest: quotes::of_deal(tx, id)?.into_iter().next(),
            lines: lines::of_deal(tx, id)?.lines,
            now: tx.now(),
            deal,
        })
    })
    .await
}

fn form_page(call: &Call, facts: &Facts, rows: usize, form: &Form, failure: Option<&Failure>) -> FormPage {
    let deal = &facts.deal;
    FormPage {
        title: call.text("quote-new-title"),
        crumbs: crumbs_below(call, deal.id, &deal.title),
        deal: deal.title.clone(),
        company: facts.company.clone(),
        closed_on: facts.closed_on.map(|day| format::full_date(call.language, day)).unwrap_or_default(),
        action: step(deal.id, "quotes/new"),
        cancel: paths::deal(deal.id),
        is_next: facts.standing.is_some(),
        based_on: form.get("based_on").to_owned(),
        newer: None,
        rows: (0..rows).collect(),
        rates: form::rates(),
        form: form.view(call, failure),
    }
}

/// `GET /deals/{id}/quotes/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let facts = facts(&call, call.id("id")?).await?;
    if facts.deal.state.status() != DealStatus::Open {
        return Ok(call.see_other(paths::deal(facts.deal.id)));
    }
    let form = Form::default()
        .preset("valid_until", date_in_japan(facts.now) + HOLDS)
        .preset("based_on", facts.stands());
    // An order taken back leaves no version that stands, and what was in the last one is what the next one begins with.
    let (form, lines) = match facts.standing.as_ref().or(facts.newest.as_ref()) {
        Some(quote) => {
            let form = form::from_quote(form, quote);
            // A day that has passed cannot be promised again.
            let is_ahead = quote.deliver_on >= date_in_japan(facts.now);
            let form = if is_ahead { form.preset("deliver_on", quote.deliver_on) } else { form };
            (form, quote.lines.len())
        }
        None if facts.lines.is_empty() => (form.preset("lines[0].description", &facts.deal.title), 0),
        None => (form::from_deal(form, &facts.lines), facts.lines.len()),
    };
    call.page("quotes/form.html", &form_page(&call, &facts, lines.max(ROWS), &form, None))
}

#[derive(Serialize)]
struct CheckPage {
    title: String,
    crumbs: Vec<Crumb>,
    company: String,
    action: String,
    quote: DraftDocument,
    /// What it costs; none where the town has recorded no rates.
    cost: Option<CostView>,
    /// Whether a digit was typed too often or left out: it is asked before anything is issued.
    is_hardly_meant: bool,
    /// By when it could be done.
    days: DaysView,
    reason: FormView,
    /// The form, for the next step.
    fields: Vec<Field>,
}

#[derive(Serialize)]
struct Field {
    name: String,
    value: String,
}

/// Fields that each page writes itself.
const OF_EACH_PAGE: [&str; 5] = ["csrf", "form_key", "step", "floor_reason", PRICE_MEANT];
/// The box by which somebody says that a price is meant though it hardly can be.
const PRICE_MEANT: &str = "price_meant";

/// What would be issued, and what the town reckons of it.
struct Checked {
    draft: Draft,
    rates: Option<CostRates>,
    days: promises::Days,
}

/// Whether the price is far from what the town knows its work to cost; nothing is known where it has recorded no rates.
fn is_hardly_meant(lines: &[QuoteLine], rates: Option<&CostRates>) -> bool {
    rates.is_some_and(|rates| Costing::of(lines, rates, Outlook::default()).is_hardly_meant())
}

fn check_page(
    call: &Call,
    facts: &Facts,
    checked: &Checked,
    form: &Form,
    failure: Option<&Failure>,
) -> CheckPage {
    let deal = &facts.deal;
    let Checked { draft, rates, days } = checked;
    let fields = form.pairs().filter(|(name, _)| !OF_EACH_PAGE.contains(name));
    CheckPage {
        title: call.text("quote-check-title"),
        crumbs: crumbs_below(call, deal.id, &deal.title),
        company: facts.company.clone(),
        action: step(deal.id, "quotes/new"),
        quote: DraftDocument::of(call, draft),
        cost: rates.as_ref().map(|rates| CostView::of_draft(call, &draft.lines, rates, days)),
        is_hardly_meant: is_hardly_meant(&draft.lines, rates.as_ref()),
        days: DaysView::of(call, days),
        reason: form.view(call, failure),
        fields: fields
            .map(|(name, value)| Field { name: name.to_owned(), value: value.to_owned() })
            .collect(),
    }
}

/// `POST /deals/{id}/quotes/new`: the form again, what would be issued, or the quote, as `step` says.
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let LineForm { form, rows, step } = LineForm::parse(&call.body, &TYPED);
    let outcome = match step {
        Step::Rows | Step::Edit => {
            let facts = facts(&call, id).await?;
            return call.page("quotes/form.html", &form_page(&call, &facts, rows, &form, None));
        }
        Step::Check => check(&call, id, &form, None).await,
        Step::Issue => match issue(&call, id, &form).await {
            Err(failure) if failure.fields.iter().any(|problem| problem.field == PRICE_MEANT) => {
                check(&call, id, &form, Some(&failure)).await
            }
            outcome => outcome,
        },
    };
    match outcome {
        Err(failure) if failure.is_about_input() => {
            let failure = form::at_rows(failure);
            let facts = facts(&call, id).await?;
            let mut page = form_page(&call, &facts, rows, &form, Some(&failure));
            if failure.code == Code::Stale {
                // Whoever has read what stands now may replace it.
                page.based_on = facts.stands();
                page.newer = match &facts.standing {
                    Some(quote) => Some(Newer::of(&call, quote).await?),
                    None => None,
                };
            }
            let status: StatusCode = phrases::again(&failure);
            call.page_with(status, "quotes/form.html", &page)
        }
        other => other,
    }
}

async fn check(
    call: &Call,
    id: DealId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let input: QuoteInput = form.without(PRICE_MEANT).input()?;
    let checked = call
        .db(move |tx| -> Result<_, Failure> {
            let draft = quotes::draft(tx, id, &input)?;
            let days = capacity::day_of(tx, id, &draft.lines, draft.deliver_on)?;
            Ok(Checked { rates: costs::standing(tx)?, days, draft })
        })
        .await?;
    let facts = facts(call, id).await?;
    let page = check_page(call, &facts, &checked, form, failure);
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "quotes/check.html", &page)
}

async fn issue(call: &Call, id: DealId, form: &Form) -> Result<HttpResponse, Failure> {
    let input: QuoteInput = form.without(PRICE_MEANT).input()?;
    let is_meant = form.get(PRICE_MEANT) == "yes";
    let issued = move |tx: &mut Tx<'_>| -> Result<String, Failure> {
        let is_asked = !is_meant
            && is_hardly_meant(&quotes::draft(tx, id, &input)?.lines, costs::standing(tx)?.as_ref());
        if is_asked {
            return Err(Invalid::field(PRICE_MEANT, Code::Required).into());
        }
        Ok(paths::quote(quotes::issue(tx, id, input)?.id))
    };
    let page = call.once(&Form::parse(&call.body), issued).await?;
    Ok(call.done(page, "done-quote-issued"))
}

#[derive(Serialize)]
struct QuotePage {
    title: String,
    crumbs: Vec<Crumb>,
    number: String,
    /// The organization that issued it, as it printed itself that day.
    from: Issuer,
    /// The person in charge.
    issuer: String,
    /// The version that stands, where this one does not; empty where it does.
    standing: String,
    /// Whether the offer's last day has passed while it still stands.
    is_expired: bool,
    company: String,
    contact: String,
    deal: String,
    quote: Document,
    /// Where it is sent to the client; empty where it cannot be.
    send: String,
    /// Where it is taken back; empty where no link to it is open.
    withdraw: String,
    /// Whether it was sent to somebody.
    was_sent: bool,
    /// Whether it stands and was taken back since it was sent, so that its client reads that it is not offered any more.
    is_taken_back: bool,
    /// What its client asked and was not sent an answer to; empty where nothing waits.
    question: String,
    /// What its client asked before they ordered, and still waits to have answered.
    kept: Option<Kept>,
    /// What it was reckoned to cost; none where the town had recorded no rates.
    cost: Option<CostView>,
    /// By when it could be done, as it was reckoned when it was issued.
    days: DaysView,
    /// What happened to it between the town and its client, the newest first.
    events: Vec<Entry>,
    /// Where the deal is won on this very version; empty where it cannot be.
    win: String,
    next_version: String,
}

/// What the town alone knows of a version: what it costs, to whom it was sent, and what came of it.
struct Correspondence {
    cost: Option<KeptCost>,
    promise: Option<QuotePromise>,
    sent: Vec<Sending>,
    events: Vec<QuoteEvent>,
    people: BTreeMap<PersonId, Person>,
    kept: Option<Kept>,
}

impl Correspondence {
    fn of(tx: &mut Tx<'_>, quote: &Quote) -> Result<Self, DbError> {
        let mut events = sendings::of_deal(tx, quote.deal_id)?;
        events.retain(|event| event.quote_id == quote.id);
        let named: Vec<PersonId> = events.iter().filter_map(|event| event.person_id).collect();
        Ok(Self {
            cost: costs::of_quote(tx, quote.id)?,
            promise: costs::promise_of(tx, quote.id)?,
            sent: sendings::of_quote(tx, quote.id)?,
            people: persons::find_many(tx, &named)?,
            kept: Kept::of(tx, quote.deal_id)?,
            events,
        })
    }
}

/// Whether a link to a version is open.
fn is_out(sent: &[Sending], now: DateTime<Utc>) -> bool {
    sent.iter().any(|sending| sending.withdrawn_at.is_none() && sending.expires_at > now)
}

/// The newest question of a version's correspondence, its newest first, where nothing was sent after it.
fn open_question(events: &[QuoteEvent]) -> &str {
    let said = |event: &&QuoteEvent| matches!(event.kind, QuoteEventKind::Asked | QuoteEventKind::Sent);
    let newest = events.iter().find(said).filter(|event| event.kind == QuoteEventKind::Asked);
    newest.map(|event| event.note.as_str()).unwrap_or_default()
}

/// How long after a quote is issued its days are still being reckoned, in the background.
const RECKONED_WITHIN: TimeDelta = TimeDelta::minutes(10);

/// `GET /quotes/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: QuoteId = call.id("id")?;
    let language = call.language;
    let (quote, deal, company, contact, issuer, newest, correspondence, now) = call
        .db(move |tx| -> Result<_, DbError> {
            let quote = quotes::find(tx, id)?;
            let deal = deals::find(tx, quote.deal_id)?;
            let company = companies::find(tx, deal.company_id)?.name;
            let contact = match deal.contact_id {
                Some(contact) => contacts::find(tx, contact)?.salutation(language),
                None => String::new(),
            };
            let issuer = persons::find(tx, quote.person_id)?.name_in(language);
            let standing = quotes::standing(tx, deal.id)?;
            let told = Correspondence::of(tx, &quote)?;
            Ok((quote, deal, company, contact, issuer, standing, told, tx.now()))
        })
        .await?;
    let today = date_in_japan(now);
    let is_open = deal.state.status() == DealStatus::Open && may_sell(&call);
    let standing = quote.state.status() == QuoteStatus::Issued;
    let days = match &correspondence.promise {
        Some(promise) => DaysView::of_quote(&call, promise),
        None if now - quote.issued_at < RECKONED_WITHIN => {
            DaysView::unknown(&call, "capacity-quote-under-way")
        }
        None => DaysView::unknown(&call, "capacity-quote-not-yet"),
    };
    let kept = correspondence.cost.as_ref();
    let is_taken_back =
        standing && last_sent(&quote, &correspondence.events) == Some(QuoteEventKind::Withdrawn);
    let page = QuotePage {
        title: call.text("quote-title"),
        crumbs: crumbs_below(&call, deal.id, &deal.title),
        number: format!("{}-{}", deal.id, quote.number),
        is_expired: standing && quote.valid_until < today,
        standing: newest
            .filter(|newest| newest.id != quote.id)
            .map(|newest| paths::quote(newest.id))
            .unwrap_or_default(),
        from: quote.issuer.clone(),
        issuer,
        company,
        contact,
        quote: Document {
            state: StateChip::after(&call, &quote, &correspondence.events, today),
            ..Document::of(&call, &quote)
        },
        send: if is_open && standing { sending::step(quote.id, "send") } else { String::new() },
        withdraw: if is_open && standing && is_out(&correspondence.sent, now) {
            sending::step(quote.id, "withdraw")
        } else {
            String::new()
        },
        cost: kept.map(|kept| CostView::of_issued(&call, kept, quote.subtotal, &days)),
        days,
        was_sent: !correspondence.sent.is_empty(),
        question: open_question(&correspondence.events).to_owned(),
        is_taken_back,
        events: timeline::of_quotes(&call, &correspondence.people, &correspondence.events),
        win: if is_open && standing && !is_taken_back { step(deal.id, "win") } else { String::new() },
        next_version: if is_open { step(deal.id, "quotes/new") } else { String::new() },
        deal: deal.title,
        kept: correspondence.kept.filter(|_kept| may_sell(&call)),
    };
    call.page("quotes/show.html", &page)
}
