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
use sales::events::{DealReopened, DealWon, InvitationsRefused, LeadEntered, QuoteIssued};

use crate::notices::{self, Notices};

/// What keeps the chain going from one owner to the next, and work from one person to the next, without a word to anybody.
pub(crate) fn chain(registry: &mut Registry) {
    registry.subscribe::<DealWon>("open-order", open_order);
    registry.subscribe::<QuoteIssued>("promise-day", promise_day);
    registry.subscribe::<InvitationsRefused>("consents", invitations_refused);
    fulfillment::rounds::register(registry);
    fulfillment::units::counts::register(registry);
    fulfillment::claims::register(registry);
    fulfillment::questions::register(registry);
    fulfillment::partners::register(registry);
    fulfillment::shares::register(registry);
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
    registry.know::<DealReopened>();
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
    // The deal may have been opened again before this came to it. It is kept as it is while its order is opened, and
    // whoever opens it again holds it before they look for an order: there is no moment between.
    if !sales::deals::stands_won(tx, fact.deal, fact.quote)? {
        return Ok(());
    }
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
        repeats: fact.repeats,
    };
    orders::open_from_deal(tx, order).map_err(TaskError::retry)?;
    Ok(())
}

/// A quote is promised a day from the hours there are: issued first, so that nobody waits for it.
fn promise_day(tx: &mut db::Tx<'_>, issued: Delivered<QuoteIssued>) -> Result<(), TaskError> {
    web::capacity::promise_quote(tx, issued.fact.quote)?;
    Ok(())
}

/// Who refuses by a file is asked no more: the record of that is the notifier's.
fn invitations_refused(tx: &mut db::Tx<'_>, refused: Delivered<InvitationsRefused>) -> Result<(), TaskError> {
    // Whoever was taken out again meanwhile refuses nothing.
    for contact in clients::contacts::find_many(tx, &refused.fact.contacts)? {
        notifier::consents::add_refusal(tx, contact.id, &refused.fact.note)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::thread;

    use chrono::DateTime;
    use clients::companies::{self, CompanyInput};
    use db::testing::TestDb;
    use db::{DbError, Tx};
    use fulfillment::events::OrderWithdrawn;
    use fulfillment::orders::{Order, OrderState};
    use kernel::{Code, Coded as _, DealId, OrganizationId, PersonId};
    use queue::testing::TestTasks;
    use sales::deals::{self, Deal, DealInput, DealStatus, ReopenInput, WinInput};
    use sales::direct::{self, OrderAgainInput};
    use sales::pipelines;
    use sales::quotes::{self, QuoteInput, QuoteLineInput};
    use web::reopening::{ReopenError, reopen};

    use super::*;

    /// A day of November 2040.
    const NOW: i64 = 2_237_000_000;

    /// A town with a won deal, whose order is opened by whoever runs tasks.
    struct Town {
        db: TestDb,
        id: OrganizationId,
        seller: PersonId,
        deal: DealId,
    }

    impl Town {
        fn new() -> Self {
            let db = TestDb::new();
            db.freeze(DateTime::from_timestamp(NOW, 0).unwrap());
            let id = db.town("tateshina");
            let seller = db.person(id, "Tanaka", &["sales"]);
            let deal = db.acting(id, seller, won).unwrap();
            Self { db, id, seller, deal }
        }

        fn act<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
            self.db.acting(self.id, self.seller, work)
        }

        fn deal(&self) -> Deal {
            self.act(|tx| deals::find(tx, self.deal)).unwrap()
        }

        fn order(&self) -> Option<Order> {
            self.act(|tx| orders::of_deal(tx, self.deal)).unwrap()
        }

        fn reopen(&self, version: i32) -> Result<Deal, ReopenError> {
            let input = ReopenInput {
                next_action: "もう一度、件数を聞く".into(),
                next_action_on: "2041-01-15".into(),
                reason: "件数を決め直すため".into(),
            };
            self.act(|tx| reopen(tx, self.deal, version, input))
        }

        fn tasks(&self) -> TestTasks<'_> {
            let mut registry = Registry::new();
            chain(&mut registry);
            registry.know::<DealReopened>();
            registry.know::<OrderWithdrawn>();
            registry.know::<fulfillment::events::OrderOpened>();
            TestTasks::new(&self.db, registry)
        }
    }

    fn won(tx: &mut Tx<'_>) -> Result<DealId, DbError> {
        pipelines::install_usual(tx).unwrap();
        let company = CompanyInput { name: "米子建設株式会社".into(), ..CompanyInput::default() };
        let company = companies::enter(tx, company).unwrap().id;
        let input = DealInput {
            title: "名刺の入力".into(),
            company_id: company.to_string().into(),
            next_action: "見積を送る".into(),
            next_action_on: "2041-01-10".into(),
            ..DealInput::default()
        };
        let deal = deals::open(tx, input).unwrap().id;
        let line = QuoteLineInput {
            description: "名刺1枚の入力".into(),
            quantity: "10".into(),
            unit_price: "195".into(),
            unit_minutes: "3".into(),
            tax_rate: "10".into(),
        };
        let quote = QuoteInput {
            valid_until: "2041-03-31".into(),
            deliver_on: "2041-03-31".into(),
            lines: vec![line],
            ..QuoteInput::default()
        };
        quotes::issue(tx, deal, quote).unwrap();
        let version = deals::find(tx, deal)?.version;
        deals::win(tx, deal, version, WinInput::default()).unwrap();
        Ok(deal)
    }

    #[test]
    fn a_won_deal_is_opened_again_with_its_draft_and_gets_another_order_when_it_is_won_again() {
        let town = Town::new();
        let tasks = town.tasks();
        tasks.run_all();
        let first = town.order().unwrap();
        assert_eq!(first.state, OrderState::Draft);
        let back = town.reopen(town.deal().version).unwrap();
        assert_eq!((back.state.status(), town.order()), (DealStatus::Open, None));
        let gone = town.act(|tx| orders::find(tx, first.id)).unwrap();
        assert_eq!(
            (gone.state, gone.withdrawn_because.as_deref()),
            (OrderState::Cancelled, Some("件数を決め直すため"))
        );
        town.act(|tx| deals::win(tx, town.deal, back.version, WinInput::default())).unwrap();
        tasks.run_all();
        let second = town.order().unwrap();
        assert!(second.id != first.id && second.amount == first.amount);
    }

    #[test]
    fn the_same_again_is_a_won_deal_whose_order_knows_which_one_it_repeats() {
        let town = Town::new();
        let tasks = town.tasks();
        tasks.run_all();
        let first = town.order().unwrap();
        let again = OrderAgainInput { deliver_on: "2041-04-30".into(), ..OrderAgainInput::default() };
        let deal = town.act(|tx| direct::record_again(tx, town.deal, &again)).unwrap();
        assert_eq!(town.act(|tx| orders::of_deal(tx, deal.id)).unwrap(), None, "the event opens it, as ever");
        tasks.run_all();
        let second = town.act(|tx| orders::of_deal(tx, deal.id)).unwrap().unwrap();
        assert_eq!((second.repeats, second.amount), (Some(first.id), first.amount));
        assert_eq!((second.state, second.due_on.to_string().as_str()), (OrderState::Draft, "2041-04-30"));
    }

    #[test]
    fn a_deal_that_is_opened_again_before_its_order_is_there_gets_none() {
        let town = Town::new();
        town.reopen(town.deal().version).unwrap();
        town.tasks().run_all();
        assert_eq!(town.order(), None, "nobody ordered any more");
    }

    #[test]
    fn once_the_order_is_started_the_deal_stays_won() {
        let town = Town::new();
        town.tasks().run_all();
        let (order, won) = (town.order().unwrap(), town.deal());
        town.act(|tx| orders::start(tx, order.id)).unwrap();
        let refused = town.reopen(won.version).unwrap_err();
        assert_eq!((refused.code(), refused.code().status()), (Code::OrderBegun, 409));
        assert_eq!(town.deal(), won);
    }

    #[test]
    fn of_an_order_that_is_started_and_a_deal_that_is_opened_again_at_once_one_comes_true() {
        for _round in 0..8 {
            let town = Town::new();
            town.tasks().run_all();
            let (order, version) = (town.order().unwrap(), town.deal().version);
            let (reopened, started) = thread::scope(|threads| {
                let one = threads.spawn(|| town.reopen(version).map_err(|error| error.code()));
                let other = threads.spawn(|| town.act(|tx| orders::start(tx, order.id)).is_ok());
                (one.join().unwrap(), other.join().unwrap())
            });
            let order = town.act(|tx| orders::find(tx, order.id)).unwrap();
            let status = town.deal().state.status();
            match reopened {
                Ok(_deal) => {
                    assert!(!started, "who opens the deal again leaves nothing to start");
                    assert_eq!((status, order.state), (DealStatus::Open, OrderState::Cancelled));
                }
                Err(code) => {
                    assert_eq!((code, started), (Code::OrderBegun, true));
                    assert_eq!((status, order.state), (DealStatus::Won, OrderState::Running));
                }
            }
        }
    }

    #[test]
    fn of_an_order_that_is_being_opened_and_a_deal_that_is_opened_again_no_order_is_left_alone() {
        for _round in 0..8 {
            let town = Town::new();
            let version = town.deal().version;
            let tasks = town.tasks();
            thread::scope(|threads| {
                threads.spawn(|| town.reopen(version).unwrap());
                tasks.run_all();
            });
            tasks.run_all();
            assert_eq!((town.deal().state.status(), town.order()), (DealStatus::Open, None));
        }
    }
}
