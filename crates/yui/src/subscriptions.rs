//! Who reacts to which fact: the one short list. Sales and fulfillment never see each other; here they meet.

use std::sync::Arc;

use accounts::awaited::{Awaited, AwaitedMail};
use accounts::events::{NewDeviceSignedIn, PasswordChanged, PasswordResetRequested, PersonInvited};
use accounts::invitations::{self, ResetAsked};
use fulfillment::events::{AcceptCodeRequested, UnitPassed, UnitSubmitted};
use fulfillment::orders::{self, OpenOrder, OrderLine};
use kernel::Language;
use notifier::calls::CallNeeded;
use queue::{Delivered, Registry, TaskError};
use sales::events::{DealWon, LeadEntered, QuoteIssued};

use crate::notices::{self, Notices};

/// What keeps the chain going from one owner to the next, and work from one person to the next, without a word to anybody.
pub(crate) fn chain(registry: &mut Registry) {
    registry.subscribe::<DealWon>("open-order", open_order);
    fulfillment::rounds::register(registry);
    fulfillment::units::counts::register(registry);
    fulfillment::claims::register(registry);
}

/// Ends mails that somebody would wait for, unwritten: nobody waits any more for what happened long ago.
pub(crate) fn silence(registry: &mut Registry) {
    unwritten::<PersonInvited>(registry);
    unwritten::<PasswordResetRequested>(registry);
    unwritten::<PasswordChanged>(registry);
    unwritten::<NewDeviceSignedIn>(registry);
    unwritten::<AcceptCodeRequested>(registry);
}

fn unwritten<F: Awaited>(registry: &mut Registry) {
    registry.in_transaction::<AwaitedMail<F>>(|_tx, _attempt, _mail| Ok::<_, TaskError>(()));
}

/// Everything that happens after a commit.
pub(crate) fn register(registry: &mut Registry, notices: Arc<Notices>) {
    chain(registry);
    let key = notices.key.clone();
    registry.in_transaction::<ResetAsked>(move |tx, _attempt, asked| {
        invitations::request_reset(tx, &key, &asked.email)?;
        Ok(())
    });
    notices::register(registry, &notices);
    unheard(registry);
}

/// Facts that nobody reacts to: not yet, or because their mail is a task of its own. Each has to be known all the same: what
/// no process knows waits for one that does.
fn unheard(registry: &mut Registry) {
    registry.know::<PersonInvited>();
    registry.know::<PasswordResetRequested>();
    registry.know::<PasswordChanged>();
    registry.know::<NewDeviceSignedIn>();
    registry.know::<AcceptCodeRequested>();
    registry.know::<LeadEntered>();
    registry.know::<QuoteIssued>();
    registry.know::<UnitSubmitted>();
    registry.know::<UnitPassed>();
    registry.know::<CallNeeded>();
}

/// The terms of the quote, and below them what the client gave with their order, in their language.
fn terms_of(won: &DealWon) -> String {
    let (number, remarks) = match won.language {
        Language::Ja => ("注文番号：", "注文時の備考："),
        Language::En => ("Order number: ", "Remarks with the order: "),
    };
    let said = [("", &won.client_terms), (number, &won.order_number), (remarks, &won.client_note)];
    let lines = said.iter().filter(|(_, text)| !text.is_empty());
    lines.map(|(label, text)| format!("{label}{text}")).collect::<Vec<_>>().join("\n")
}

fn open_order(tx: &mut db::Tx<'_>, won: Delivered<DealWon>) -> Result<(), TaskError> {
    let fact = won.fact;
    let client_terms = terms_of(&fact);
    let lines = fact.lines.into_iter().map(|line| OrderLine {
        description: line.description,
        quantity: line.quantity,
        unit_price: line.unit_price,
        unit_minutes: line.unit_minutes,
        tax_rate: line.tax_rate,
    });
    let order = OpenOrder {
        deal_id: fact.deal,
        company_id: fact.company,
        contact_id: fact.contact,
        title: fact.title,
        amount: fact.amount,
        due_on: fact.due_on,
        client_terms,
        lines: lines.collect(),
    };
    orders::open_from_deal(tx, order).map_err(TaskError::retry)?;
    Ok(())
}
