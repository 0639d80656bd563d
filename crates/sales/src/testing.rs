//! A town at work, for this crate's tests: the usual stages, two salespeople, a company with a contact, and a
//! clock that the test moves.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use clients::companies::{self, CompanyInput};
use clients::contacts::{self, ContactInput};
use db::testing::TestDb;
use db::{DbError, Tx};
use kernel::{BoardStageId, CompanyId, ContactId, DealId, OrganizationId, PersonId};
use queue::{Delivered, Event, Registry, Runner};

use crate::deals::{self, Deal, DealInput, WinInput};
use crate::pipelines::{self, PipelineId};
use crate::quotes::{self, Quote, QuoteError, QuoteInput, QuoteLineInput};
use crate::stages;

/// A Sunday afternoon in Japan.
const BEGINNING: &str = "2026-11-22T05:00:00Z";

pub(crate) struct Bench {
    pub(crate) db: TestDb,
    pub(crate) town: OrganizationId,
    pub(crate) sales: PersonId,
    pub(crate) colleague: PersonId,
    pub(crate) company: CompanyId,
    pub(crate) contact: ContactId,
    clock: Arc<AtomicI64>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let db = TestDb::new();
        let clock = Arc::new(AtomicI64::new(instant(BEGINNING).timestamp()));
        let hand = Arc::clone(&clock);
        db.app.with_clock(move || {
            DateTime::from_timestamp(hand.load(Ordering::SeqCst), 0).expect("an instant of this century")
        });
        let town = db.town("tateshina");
        let sales = db.person(town, "Tanaka", &["sales"]);
        let colleague = db.person(town, "Suzuki", &["sales"]);
        let (company, contact) = db
            .acting(town, sales, |tx| -> Result<_, DbError> {
                pipelines::install_usual(tx)?;
                Ok(client(tx, "米子建設株式会社", "yamada@example.jp", "en"))
            })
            .unwrap();
        Self { db, town, sales, colleague, company, contact, clock }
    }

    /// From now on it is `time`.
    pub(crate) fn at(&self, time: &str) {
        self.clock.store(instant(time).timestamp(), Ordering::SeqCst);
    }

    /// Runs `work` as the salesperson.
    pub(crate) fn act<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.db.acting(self.town, self.sales, work)
    }

    /// Another company with a contact.
    pub(crate) fn another_client(&self, name: &str) -> (CompanyId, ContactId) {
        self.act(|tx| -> Result<_, DbError> { Ok(client(tx, name, "yamada@elsewhere.example.jp", "ja")) })
            .unwrap()
    }

    /// A deal called `title` with the company, due in two days.
    pub(crate) fn input(&self, title: &str) -> DealInput {
        let due = DateTime::from_timestamp(self.clock.load(Ordering::SeqCst), 0).unwrap()
            + chrono::Duration::days(2);
        DealInput {
            title: title.into(),
            company_id: self.company.to_string().into(),
            contact_id: self.contact.to_string().into(),
            next_action: "電話する".into(),
            next_action_on: kernel::date_in_japan(due).to_string().into(),
            ..DealInput::default()
        }
    }

    pub(crate) fn open(&self, title: &str) -> Deal {
        let input = self.input(title);
        self.act(|tx| deals::open(tx, input)).unwrap()
    }

    pub(crate) fn deal(&self, id: DealId) -> Deal {
        self.act(|tx| deals::find(tx, id)).unwrap()
    }

    /// The stage of that name.
    pub(crate) fn stage(&self, name: &str) -> BoardStageId {
        let stages = self.act(stages::list).unwrap();
        stages.iter().find(|stage| stage.name == name).map(|stage| stage.id).unwrap()
    }

    /// The pipeline the town began with.
    pub(crate) fn pipeline(&self) -> PipelineId {
        self.act(pipelines::in_use).unwrap()[0].id
    }

    /// Its board.
    pub(crate) fn board(&self, per_column: u16) -> Vec<deals::Column> {
        let pipeline = self.pipeline();
        self.act(|tx| deals::board(tx, pipeline, per_column)).unwrap()
    }

    /// Issues a quote of one line: `quantity` pieces at 195 yen.
    pub(crate) fn quote(&self, deal: DealId, quantity: i64) -> Quote {
        self.issue(deal, quote_of(&[(quantity, 195)])).unwrap()
    }

    /// Issues a quote over the version that stands.
    pub(crate) fn issue(&self, deal: DealId, input: QuoteInput) -> Result<Quote, QuoteError> {
        self.act(|tx| {
            let stands = quotes::standing(tx, deal)?.map(|quote| quote.id.to_string());
            quotes::issue(tx, deal, QuoteInput { based_on: stands.unwrap_or_default().into(), ..input })
        })
    }

    /// Quotes a deal and wins it.
    pub(crate) fn won(&self, title: &str, quantity: i64) -> Deal {
        let deal = self.open(title);
        self.quote(deal.id, quantity);
        let version = self.deal(deal.id).version;
        self.act(|tx| deals::win(tx, deal.id, version, WinInput::default())).unwrap()
    }

    /// What a subscriber to `E` gets, once.
    pub(crate) fn told<E: Event + Clone + Sync>(&self) -> Vec<E> {
        let heard: Arc<Mutex<Vec<E>>> = Arc::default();
        let ear = Arc::clone(&heard);
        let mut registry = Registry::new();
        registry.subscribe("test", move |_tx: &mut Tx<'_>, delivered: Delivered<E>| {
            ear.lock().unwrap().push(delivered.fact);
            Ok(())
        });
        Runner::new(self.db.app.clone(), self.db.queue.clone(), registry).run_all().unwrap();
        heard.lock().unwrap().clone()
    }
}

pub(crate) fn instant(time: &str) -> DateTime<Utc> {
    time.parse().unwrap()
}

/// A quote of lines at 10 percent, each a quantity and a unit price.
pub(crate) fn quote_of(lines: &[(i64, i64)]) -> QuoteInput {
    let line = |(quantity, unit_price): &(i64, i64)| QuoteLineInput {
        description: "名刺1枚の入力".into(),
        quantity: quantity.to_string().into(),
        unit_price: unit_price.to_string().into(),
        unit_minutes: "3".into(),
        tax_rate: "10".into(),
    };
    QuoteInput {
        valid_until: "2027-12-31".into(),
        deliver_on: "2027-12-31".into(),
        terms: "月末締め翌月末払い".into(),
        lines: lines.iter().map(line).collect(),
        ..QuoteInput::default()
    }
}

fn client(tx: &mut Tx<'_>, name: &str, email: &str, language: &str) -> (CompanyId, ContactId) {
    let company = CompanyInput { name: name.into(), ..CompanyInput::default() };
    let company = companies::enter(tx, company).unwrap().id;
    let person = ContactInput {
        family_name: "山田".into(),
        given_name: "太郎".into(),
        email: email.into(),
        language: language.into(),
        ..ContactInput::default()
    };
    (company, contacts::add(tx, company, person).unwrap().id)
}
