//! What two towns do together: they agree to, one entrusts a part of an order to the other, and that one takes it.

use db::DbError;
use fulfillment::partners::{self, AskPartnerInput, PartnerError};
use fulfillment::shares::{self, OrderShare, ShareDocument, ShareError, ShareInput, ShareSide};
use kernel::{CompanyId, ContactId, Paging};
use sales::direct::{self, DirectOrderInput};
use sales::quotes::QuoteLineInput;

use super::super::neighbour;
use super::super::score::Cue;
use super::{Troupe, missing};
use crate::Stop;

/// What the other town is paid of what the client pays, in percent.
const ENTRUSTED_PERCENT: i64 = 85;
/// How many days before the client's day the other town's is, and how many days after that day it is paid.
const EARLIER_DAYS: i64 = 3;
const PAID_DAYS: i64 = 40;

impl Troupe<'_> {
    pub(super) fn befriend(&mut self) -> Result<(), Stop> {
        let (home, there) = (self.home, self.next_door);
        let input = AskPartnerInput { town: neighbour::SLUG.into() };
        home.act(home.who("coordinator")?, |tx| partners::ask(tx, &input))?;
        self.are_partners = true;
        self.react()?;
        there.act(there.who("coordinator")?, |tx| -> Result<_, PartnerError> {
            let asked = partners::list(tx, &Paging::first(1))?.items.pop().ok_or(DbError::NotFound)?;
            partners::agree(tx, asked.id)
        })?;
        self.react()
    }

    pub(super) fn share_out(&mut self, cue: &Cue, pieces: usize) -> Result<(), Stop> {
        let (order, coordinator) = (self.order(cue)?, self.stage.who("coordinator")?);
        let playing = self.playing(cue)?;
        let (line, due) = (playing.scene.lines.first().ok_or_else(|| missing("line"))?, playing.scene.due);
        let part = ShareInput {
            title: format!("{}（分担）", line.what).into(),
            work: "見本のとおりに入力してください。読めない字は「〓」としてください。（デモ）".into(),
            quantity: pieces.to_string().into(),
            unit_price: (line.price * ENTRUSTED_PERCENT / 100).to_string().into(),
            unit_minutes: line.minutes.to_string().into(),
            due_on: playing.after(due - EARLIER_DAYS).to_string().into(),
            pay_on: playing.after(due + PAID_DAYS).to_string().into(),
            message: "どうぞよろしくお願いします。（デモ）".into(),
            ..ShareInput::default()
        };
        self.stage.act(coordinator, |tx| -> Result<_, ShareError> {
            let partner = partners::agreed(tx)?.pop().ok_or(DbError::NotFound)?;
            shares::offer(tx, order, &ShareInput { partner_id: partner.id.to_string().into(), ..part })
        })?;
        self.piece(cue)?.shared += pieces;
        self.react()
    }

    pub(super) fn take_over(&mut self, cue: &Cue) -> Result<(), Stop> {
        self.react()?;
        let coordinator = self.stage.who("coordinator")?;
        let client = self.known(cue, coordinator)?;
        let share = self.stage.act(coordinator, |tx| -> Result<_, DbError> {
            let came = shares::list(tx, ShareSide::In, &Paging::first(1))?.items.pop();
            came.filter(OrderShare::awaits_us).ok_or(DbError::NotFound)
        })?;
        let ordered = as_order(&share.document, client);
        let deal = self.stage.act(coordinator, |tx| direct::record_won(tx, &ordered))?.id;
        self.stage.act(coordinator, |tx| shares::accept(tx, share.id, deal))?;
        self.piece(cue)?.deal = Some(deal);
        self.ordered(cue, deal)
    }
}

/// What a document says, as the order that it becomes.
fn as_order(document: &ShareDocument, (company, contact): (CompanyId, ContactId)) -> DirectOrderInput {
    let [quantity, unit_price, unit_minutes] =
        [document.quantity.into(), document.unit_price.0, document.unit_minutes.into()]
            .map(|number: i64| number.to_string().into());
    let description = document.title.as_str().into();
    DirectOrderInput {
        company_id: company.to_string().into(),
        contact_id: contact.to_string().into(),
        title: document.title.as_str().into(),
        source: "paper".into(),
        deliver_on: document.due_on.to_string().into(),
        terms: document.work.as_str().into(),
        lines: vec![QuoteLineInput {
            description,
            quantity,
            unit_price,
            unit_minutes,
            tax_rate: "10".into(),
        }],
        ..DirectOrderInput::default()
    }
}
