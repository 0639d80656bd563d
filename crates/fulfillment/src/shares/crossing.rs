//! How a share crosses to the other town: a task reads this town's row and writes what it says into the other's, in that
//! town's scope and as the system. It may come twice, late or in another order: each side counts what it says, and hears
//! nothing older than what it has heard.

use chrono::{DateTime, Utc};
use db::{Db, DbError, Tx};
use kernel::{OrganizationId, Scope};
use queue::{Registry, Task, TaskError};
use serde::{Deserialize, Serialize};

use super::events::{ShareHeard, ShareNews};
use super::model::{OrderShare, ShareDocument, ShareId, ShareSide, ShareState};
use super::store::{self, NewShare};
use crate::events::{DeliveryAnswered, DeliverySent, OrderAccepted, OrderClosedShort, UnitsCancelled};
use crate::orders::events::OrderWithdrawn;
use crate::partners::{self, Partner};

/// Tells the other town of a share how it stands here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellShare {
    /// Which one.
    pub share: ShareId,
}

impl Task for TellShare {
    const KIND: &'static str = "shares.tell";
}

/// Registers the handler of [`TellShare`], and who looks how far an entrusted order has come.
pub fn register(registry: &mut Registry) {
    registry.detached::<TellShare>(|db, town, _attempt, task| tell(db, town, task.share));
    registry.subscribe::<DeliverySent>("share", |tx, sent| Ok(super::follow(tx, sent.fact.order)?));
    registry
        .subscribe::<DeliveryAnswered>("share", |tx, answered| Ok(super::follow(tx, answered.fact.order)?));
    registry.subscribe::<OrderAccepted>("share", |tx, accepted| Ok(super::follow(tx, accepted.fact.order)?));
    registry.subscribe::<OrderClosedShort>("share", |tx, closed| Ok(super::follow(tx, closed.fact.order)?));
    registry
        .subscribe::<UnitsCancelled>("share", |tx, cancelled| Ok(super::follow(tx, cancelled.fact.order)?));
    registry
        .subscribe::<OrderWithdrawn>("share", |tx, withdrawn| Ok(super::follow(tx, withdrawn.fact.order)?));
}

/// What one side says to the other, and the count of what it said.
struct Letter {
    from: OrganizationId,
    to: OrganizationId,
    version: i32,
    word: Word,
}

enum Word {
    /// From the sharing town: its row, the document, and whether it wants it back.
    Offer { share: ShareId, document: ShareDocument, is_wanted_back: bool },
    /// From the receiving town: of which document, and how it stands.
    Answer { document: ShareId, how: How },
}

/// How a share stands with the town that decides it.
struct How {
    state: ShareState,
    answered_at: Option<DateTime<Utc>>,
    reason: String,
    delivered: i32,
    accepted: i32,
}

fn tell(db: &Db, town: OrganizationId, share: ShareId) -> Result<(), TaskError> {
    let letter = db.run_blocking(Scope::system(town), move |tx| letter(tx, share))?;
    let to = letter.to;
    db.run_blocking(Scope::system(to), move |tx| hear(tx, letter))?;
    Ok(())
}

fn letter(tx: &mut Tx<'_>, share: ShareId) -> Result<Letter, DbError> {
    let share = super::find(tx, share)?;
    let to = partners::find(tx, share.partner_id)?.town;
    let (from, version) = (tx.organization(), share.version);
    let word = match share.document_id {
        None => Word::Offer {
            share: share.id,
            document: share.document,
            is_wanted_back: share.withdraw_asked_at.is_some(),
        },
        Some(document) => Word::Answer {
            document,
            how: How {
                state: share.state,
                answered_at: share.answered_at,
                reason: share.reason,
                delivered: share.delivered,
                accepted: share.accepted,
            },
        },
    };
    Ok(Letter { from, to, version, word })
}

/// Writes down what the other town says. Of a town that this one has nothing to do with, nothing.
fn hear(tx: &mut Tx<'_>, letter: Letter) -> Result<(), DbError> {
    let Some(partner) = partners::of_town(tx, letter.from)? else { return Ok(()) };
    match letter.word {
        Word::Offer { share, document, is_wanted_back } => {
            match store::hold_document(tx, partner.id, share)? {
                None => take_in(tx, &partner, share, &document, is_wanted_back, letter.version),
                Some(known) => hear_again(tx, known, is_wanted_back, letter.version),
            }
        }
        Word::Answer { document, how } => hear_answer(tx, &partner, document, how, letter.version),
    }
}

/// A document that was not here before. Where it is wanted back already, or the partnership ended while it came, it arrives
/// withdrawn, and that is told.
fn take_in(
    tx: &mut Tx<'_>,
    partner: &Partner,
    theirs: ShareId,
    document: &ShareDocument,
    is_wanted_back: bool,
    version: i32,
) -> Result<(), DbError> {
    let stands = partner.is_agreed() && !is_wanted_back;
    let state = if stands { ShareState::Offered } else { ShareState::Withdrawn };
    let new = NewShare {
        partner: partner.id,
        side: ShareSide::In,
        document_id: Some(theirs),
        order: None,
        state,
        heard_version: version,
    };
    let share = store::insert(tx, &new, document)?;
    if stands {
        return record(tx, &share, ShareNews::Offered);
    }
    queue::enqueue(tx, &TellShare { share: share.id })?;
    Ok(())
}

fn hear_again(tx: &mut Tx<'_>, share: OrderShare, is_wanted_back: bool, version: i32) -> Result<(), DbError> {
    if version <= share.heard_version {
        return Ok(());
    }
    let share = OrderShare { heard_version: version, ..share };
    if is_wanted_back && share.state == ShareState::Offered {
        let share = super::give_back(tx, share)?;
        return record(tx, &share, ShareNews::Withdrawn);
    }
    store::write(tx, share)?;
    Ok(())
}

fn hear_answer(
    tx: &mut Tx<'_>,
    partner: &Partner,
    document: ShareId,
    how: How,
    version: i32,
) -> Result<(), DbError> {
    let share = store::hold(tx, document)?;
    let is_between_us = share.side == ShareSide::Out && share.partner_id == partner.id;
    if !is_between_us || version <= share.heard_version {
        return Ok(());
    }
    let news = news(&share, &how);
    let share = store::write(
        tx,
        OrderShare {
            state: how.state,
            answered_at: how.answered_at,
            reason: how.reason,
            delivered: how.delivered,
            accepted: how.accepted,
            heard_version: version,
            ..share
        },
    )?;
    match news {
        Some(news) => record(tx, &share, news),
        None => Ok(()),
    }
}

/// What of it the sharing town is told; what it asked for itself is no news.
fn news(before: &OrderShare, how: &How) -> Option<ShareNews> {
    if before.state == how.state {
        return (how.delivered > before.delivered).then_some(ShareNews::Delivered);
    }
    match how.state {
        ShareState::Accepted => Some(ShareNews::Accepted),
        ShareState::Declined => Some(ShareNews::Declined),
        ShareState::Finished => Some(ShareNews::Finished),
        ShareState::Cancelled => Some(ShareNews::Cancelled),
        ShareState::Withdrawn if before.withdraw_asked_at.is_none() => Some(ShareNews::Withdrawn),
        ShareState::Offered | ShareState::Withdrawn => None,
    }
}

fn record(tx: &mut Tx<'_>, share: &OrderShare, news: ShareNews) -> Result<(), DbError> {
    queue::record(
        tx,
        &ShareHeard {
            share: share.id,
            partner: share.partner_id,
            partner_name: share.partner.clone(),
            title: share.document.title.clone(),
            order: share.order_id,
            news,
            quantity: share.document.quantity,
            delivered: share.delivered,
            reason: share.reason.clone(),
        },
    )?;
    Ok(())
}
