//! A quote as its client's page shows it: before and after the answer, and when there is nothing to answer any more.

use accounts::organizations;
use accounts::secrets::OrgSecret;
use db::Tx;
use kernel::{QuoteId, date_in_japan};
use sales::quotes::Issuer;
use sales::sendings::{self, Acceptance, AnswerError, ClientQuote, QuoteEvent, QuoteEventKind, Stand};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::phrases::said;
use crate::quotes::Document;

/// What a link shows, with what its page needs around it.
pub(super) struct Opened {
    pub(super) seen: ClientQuote,
    pub(super) town: String,
}

/// Opens the link; the first time is noted.
pub(super) fn open(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Opened, AnswerError> {
    let seen = sendings::open(tx, secret)?;
    Ok(Opened { seen, town: organizations::find(tx)?.name })
}

/// The form that came back, if one did: its part of the page stands open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Part {
    /// Nothing was sent yet.
    Look,
    /// The order.
    Order,
    /// The question.
    Ask,
    /// The refusal.
    Decline,
}

#[derive(Serialize)]
struct Said {
    what: String,
    when: String,
    text: String,
}

#[derive(Serialize)]
struct OrderView {
    name: String,
    order_number: String,
    note: String,
    at: String,
}

impl OrderView {
    fn of(call: &Call, acceptance: &Acceptance) -> Self {
        Self {
            name: acceptance.name.clone(),
            order_number: acceptance.order_number.clone(),
            note: acceptance.note.clone(),
            at: format::full_moment(call.language, acceptance.accepted_at),
        }
    }
}

/// The quote's page.
#[derive(Serialize)]
pub(super) struct QuotePage {
    title: String,
    town: String,
    stand: Stand,
    /// Whether it can be asked about and declined.
    takes_words: bool,
    quote_id: QuoteId,
    number: String,
    from: Issuer,
    company: String,
    contact: String,
    deal: String,
    sent: String,
    message: String,
    quote: Document,
    order: Option<OrderView>,
    said: Vec<Said>,
    /// When a newer version was sent to the same person; empty where none was.
    newer_sent: String,
    part: Part,
    form: FormView,
}

impl QuotePage {
    pub(super) fn new(
        call: &Call,
        opened: &Opened,
        part: Part,
        form: &Form,
        failure: Option<&Failure>,
    ) -> Self {
        let (seen, language) = (&opened.seen, call.language);
        let title = match seen.stand {
            Stand::Accepted => "client-quote-record-title",
            Stand::Superseded | Stand::TakenBack | Stand::Withdrawn | Stand::Closed => {
                "client-quote-closed-title"
            }
            _ => "client-quote-title",
        };
        Self {
            title: call.text(title),
            town: opened.town.clone(),
            stand: seen.stand,
            takes_words: seen.stand.takes_words(),
            quote_id: seen.quote.id,
            number: format!("{}-{}", seen.deal, seen.quote.number),
            from: seen.quote.issuer.clone(),
            company: seen.company.clone(),
            contact: seen.person.salutation(language),
            deal: seen.title.clone(),
            sent: format::full_date(language, date_in_japan(seen.sent_at)),
            message: seen.message.clone(),
            quote: Document::of(call, &seen.quote),
            order: seen.acceptance.as_ref().map(|acceptance| OrderView::of(call, acceptance)),
            said: seen.said.iter().map(|event| spoken(call, event)).collect(),
            newer_sent: seen
                .newer_sent_at
                .map(|at| format::full_date(language, date_in_japan(at)))
                .unwrap_or_default(),
            part,
            form: form.view(call, failure),
        }
    }

    /// The template that shows a quote that stands so.
    pub(super) const fn template(stand: Stand) -> &'static str {
        match stand {
            Stand::Accepted => "client/quote_record.html",
            stand if stand.shows_the_quote() => "client/quote.html",
            _ => "client/quote_closed.html",
        }
    }
}

fn spoken(call: &Call, event: &QuoteEvent) -> Said {
    let key =
        if event.kind == QuoteEventKind::Declined { "client-quote-declined" } else { "client-quote-asked" };
    Said {
        what: said(call, key, [("name", &event.name)]),
        when: format::moment(call.language, event.happened_at),
        text: event.note.clone(),
    }
}

/// The order once more, before it is given.
#[derive(Serialize)]
pub(super) struct CheckPage {
    title: String,
    town: String,
    quote_id: QuoteId,
    company: String,
    deal: String,
    total: String,
    deliver_on: String,
    name: String,
    order_number: String,
    note: String,
    may_order: String,
}

impl CheckPage {
    pub(super) fn new(call: &Call, opened: &Opened, form: &Form) -> Self {
        let quote = &opened.seen.quote;
        Self {
            title: call.text("client-quote-check-title"),
            town: opened.town.clone(),
            quote_id: quote.id,
            company: opened.seen.company.clone(),
            deal: opened.seen.title.clone(),
            total: format::yen(call.language, quote.total),
            deliver_on: format::full_date(call.language, quote.deliver_on),
            name: form.get("name").trim().to_owned(),
            order_number: form.get("order_number").trim().to_owned(),
            note: form.get("note").trim().to_owned(),
            may_order: form.get("may_order").to_owned(),
        }
    }
}
