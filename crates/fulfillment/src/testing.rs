//! A town at work, for this crate's tests: people, a client, a clock, and the steps of the chain in one word each.

use std::sync::{Arc, Mutex};

use accounts::{LinkKey, OrgSecret};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use clients::companies::CompanyInput;
use clients::contacts::ContactInput;
use db::testing::TestDb;
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz};
use kernel::{
    Actor, CompanyId, ContactId, DealId, FileId, JobId, Language, OrderId, OrganizationId, PersonId,
    RequestId, Scope, TaxRate, UnitId, WorkerId, Yen, date_in_japan,
};
use queue::Event;
use workforce::workers::{HoursInput, RegisterInput, StepInput};

use crate::acceptance::{Answer, AnswerInput, UnitAnswer, link_secret, mailed_code};
use crate::claims::{ClaimInput, Claimed};
use crate::deliveries::{DeliverInput, Delivery};
use crate::events::{AcceptCodeRequested, DeliverySent};
use crate::fixes::{FixDecision, FixInput};
use crate::jobs::{Job, JobInput};
use crate::orders::{OpenOrder, Order, OrderLine};
use crate::reviews::{Review, ReviewInput};
use crate::submissions::{Submission, SubmitInput};
use crate::units::store::{Mark, Which, advance};
use crate::units::{CancelInput, Move, Unit, UnitFilter, UnitState};
use crate::{acceptance, claims, deliveries, fixes, jobs, orders, reviews, submissions, terms, units};

/// Of other owners' tables, what these tests look at or stand something in.
mod stored {
    diesel::table! {
        events (id) {
            id -> BigInt,
            kind -> Text,
            payload -> Jsonb,
        }
    }

    diesel::table! {
        files (id) {
            organization_id -> BigInt,
            id -> BigInt,
            name -> Text,
            media_type -> Text,
            bytes -> BigInt,
            sha256 -> Bytea,
            storage_key -> Text,
            person_id -> BigInt,
        }
    }
}

pub(crate) struct Town {
    pub(crate) db: Arc<TestDb>,
    pub(crate) id: OrganizationId,
    pub(crate) director: PersonId,
    pub(crate) checker: PersonId,
    pub(crate) company: CompanyId,
    pub(crate) contact: ContactId,
    pub(crate) key: LinkKey,
    clock: Arc<Mutex<DateTime<Utc>>>,
    deals: Mutex<i64>,
    uploads: Mutex<i64>,
}

impl Town {
    /// A town with a director, a checker and a client, on 2026-05-01 at nine in Japan.
    pub(crate) fn new() -> Self {
        let db = Arc::new(TestDb::new());
        let clock = Arc::new(Mutex::new("2026-05-01T00:00:00Z".parse().unwrap()));
        let hands = clock.clone();
        db.app.with_clock(move || *hands.lock().unwrap());
        Self::called(db, clock, "tateshina", "立科町")
    }

    /// Another town on the same server, with people and a client of its own and the same clock.
    pub(crate) fn beside(&self, slug: &str, name: &str) -> Self {
        Self::called(self.db.clone(), self.clock.clone(), slug, name)
    }

    fn called(db: Arc<TestDb>, clock: Arc<Mutex<DateTime<Utc>>>, slug: &str, name: &str) -> Self {
        let id = db.town(slug);
        let director = db.person(id, "Director", &["coordinator"]);
        let checker = db.person(id, "Checker", &["coordinator"]);
        let (company, contact) = db.acting(id, director, client).unwrap();
        let (key, deals, uploads) = (LinkKey::generate(), Mutex::new(0), Mutex::new(0));
        let town = Self { db, id, director, checker, company, contact, key, clock, deals, uploads };
        town.names_itself(name);
        town
    }

    fn names_itself(&self, name: &str) {
        let input = accounts::organizations::SettingsInput {
            name: name.into(),
            postal_address: "長野県北佐久郡立科町大字芦田2532".into(),
            contact_email: "telework@example.jp".into(),
            ..Default::default()
        };
        self.act(self.director, |tx| accounts::organizations::change_settings(tx, 1, &input));
    }

    pub(crate) fn wait(&self, duration: Duration) {
        *self.clock.lock().unwrap() += duration;
    }

    pub(crate) fn day(&self, days: u64) -> NaiveDate {
        date_in_japan(*self.clock.lock().unwrap()) + Days::new(days)
    }

    /// What must work, done by `person`.
    pub(crate) fn act<T, E: From<DbError> + std::fmt::Debug>(
        &self,
        person: PersonId,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> T {
        self.db.acting(self.id, person, work).unwrap()
    }

    /// What may be refused, done by `person`.
    pub(crate) fn attempt<T, E: From<DbError>>(
        &self,
        person: PersonId,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.db.acting(self.id, person, work)
    }

    /// What somebody with a link does.
    pub(crate) fn outside<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let scope = Scope { organization: self.id, actor: Actor::Outside, request: RequestId(1) };
        self.db.app.run_blocking(scope, work)
    }

    /// An active worker with forty hours a week.
    pub(crate) fn worker(&self, name: &str) -> (PersonId, WorkerId) {
        let person = self.db.person(self.id, name, &["worker"]);
        let hours = HoursInput { weekly_minutes: "2400".into() };
        let worker = self.act(person, |tx| {
            let worker = workforce::workers::register(tx, person, RegisterInput::default())?;
            let worker = workforce::workers::activate(tx, worker.id, StepInput::default())?;
            workforce::workers::set_weekly_minutes(tx, worker.id, worker.version, hours)
        });
        (person, worker.id)
    }

    pub(crate) fn won(&self, amount: i64) -> OpenOrder {
        let mut deals = self.deals.lock().unwrap();
        *deals += 1;
        OpenOrder {
            deal_id: DealId(*deals),
            title: format!("アンケート入力 {deals}"),
            company_id: self.company,
            contact_id: Some(self.contact),
            amount: Yen(amount),
            due_on: self.day(60),
            client_terms: String::new(),
            lines: vec![OrderLine {
                description: "入力".into(),
                quantity: 10,
                unit_price: Yen(amount / 10),
                unit_minutes: 20,
                tax_rate: TaxRate::STANDARD,
            }],
            repeats: None,
        }
    }

    /// A running order of ten pieces.
    pub(crate) fn order(&self, amount: i64) -> Order {
        self.order_of(amount, 10)
    }

    /// A running order of so many pieces.
    pub(crate) fn order_of(&self, amount: i64, pieces: i32) -> Order {
        let mut won = self.won(amount);
        for line in &mut won.lines {
            line.quantity = pieces;
            line.unit_price = Yen(amount / i64::from(pieces));
        }
        self.act(self.director, |tx| {
            let order = orders::open_from_deal(tx, won)?;
            orders::start(tx, order.id)
        })
    }

    pub(crate) fn job_input(&self, count: usize) -> JobInput {
        JobInput {
            title: "回答の入力".into(),
            rules: "見本のとおりに入力する。".into(),
            unit_minutes: "20".into(),
            unit_pay: "400".into(),
            work_due_on: self.day(14).to_string().into(),
            pay_day: "25".into(),
            offer_rule: "first_come".into(),
            count: count.to_string().into(),
            ..JobInput::default()
        }
    }

    /// A job of `count` units before every worker there is.
    pub(crate) fn job(&self, order: OrderId, count: usize) -> Job {
        let input = self.job_input(count);
        self.act(self.director, |tx| {
            let job = jobs::split(tx, order, input)?;
            jobs::offer(tx, job.id).map(|offered| offered.job)
        })
    }

    /// Looks after claims as the periodic task does.
    pub(crate) fn tends_claims(&self) {
        let scope = Scope { organization: self.id, actor: Actor::System, request: RequestId(1) };
        self.db.app.run_blocking(scope, claims::tend).unwrap();
    }

    /// As if nothing had been heard of a person's claims of a job, who was asked twice: they end now.
    pub(crate) fn lets_expire(&self, job: JobId, person: PersonId) {
        diesel::sql_query(
            "UPDATE claim_spans SET since = since - interval '30 days', kept_from = $3 - interval '20 days', \
                 kept_until = $3 - interval '1 second', asked = 80, look_at = $3 - interval '1 second' \
             WHERE job_id = $1 AND person_id = $2",
        )
        .bind::<BigInt, _>(job)
        .bind::<BigInt, _>(person)
        .bind::<Timestamptz, _>(*self.clock.lock().unwrap())
        .execute(&mut self.db.owner())
        .unwrap();
        self.tends_claims();
    }

    /// The claim a worker makes who has read the terms.
    pub(crate) fn informed(&self, person: PersonId, job: JobId, count: i64) -> ClaimInput {
        let terms = self.act(person, |tx| {
            let worker = workforce::workers::of_person(tx, person)?.unwrap();
            terms::preview(tx, job, worker.id, count, Language::Ja)
        });
        ClaimInput {
            count: count.to_string().into(),
            terms_sha256: terms.sha256.to_string().into(),
            language: "ja".into(),
        }
    }

    pub(crate) fn claims(&self, person: PersonId, job: JobId, count: i64) -> Claimed {
        let input = self.informed(person, job, count);
        self.act(person, |tx| claims::claim(tx, job, input))
    }

    pub(crate) fn hands_in(&self, person: PersonId, unit: UnitId) -> Submission {
        let earlier = self.act(person, |tx| submissions::of_unit(tx, unit)).len();
        let text = if earlier == 0 {
            "出来ました".to_owned()
        } else {
            format!("直しました（{earlier}）")
        };
        let input = SubmitInput {
            result_text: text.into(),
            memo: "子どもが熱を出して、おそくなりました".into(),
            ..SubmitInput::default()
        };
        self.act(person, |tx| submissions::submit(tx, unit, input))
    }

    /// A version with neither a text nor a file, which is refused now and lies in older towns.
    pub(crate) fn handed_in_nothing(&self, person: PersonId, unit: UnitId) -> Submission {
        self.act(person, |tx| {
            let assignment = claims::live_assignment(tx, unit)?;
            let now = tx.now();
            diesel::sql_query(
                "INSERT INTO submissions (unit_id, assignment_id, maker_id, number, memo, submitted_at) \
                 VALUES ($1, $2, $3, 1, '画面で入力しました', $4)",
            )
            .bind::<BigInt, _>(unit)
            .bind::<BigInt, _>(assignment)
            .bind::<BigInt, _>(person)
            .bind::<Timestamptz, _>(now)
            .execute(tx.conn())
            .map_err(DbError::from)?;
            let units = Which::These(&[unit]);
            advance(tx, units, UnitState::Claimed, Move::Start, Mark::default()).unwrap();
            advance(tx, units, UnitState::Working, Move::Submit, Mark::default()).unwrap();
            submissions::latest_of(tx, unit, person)?.ok_or(DbError::NotFound)
        })
    }

    pub(crate) fn passes(&self, submission: &Submission) -> Review {
        let input = ReviewInput { verdict: "pass".into(), ..ReviewInput::default() };
        self.act(self.checker, |tx| reviews::decide(tx, submission.id, input))
    }

    /// Claims, makes and passes `count` units of a job.
    pub(crate) fn finishes(&self, person: PersonId, job: JobId, count: i64) -> Vec<UnitId> {
        let claimed = self.claims(person, job, count);
        for unit in &claimed.units {
            let submission = self.hands_in(person, *unit);
            self.passes(&submission);
        }
        claimed.units
    }

    pub(crate) fn delivers(&self, order: OrderId, units: &[UnitId]) -> (Delivery, OrgSecret) {
        let input = DeliverInput { unit_ids: units.to_vec(), ..DeliverInput::default() };
        let delivery = self.act(self.director, |tx| deliveries::assemble(tx, &self.key, order, input));
        (delivery, self.link())
    }

    /// The newest mailed link, made again as the mail does it.
    pub(crate) fn link(&self) -> OrgSecret {
        let sent: DeliverySent = self.facts().pop().unwrap();
        link_secret(&self.key, self.id, sent.link, sent.link_issued_at)
    }

    /// The code that is mailed when one is asked for now.
    pub(crate) fn code(&self, secret: &OrgSecret) -> String {
        self.wait(Duration::seconds(1));
        self.outside(|tx| acceptance::request_code(tx, &self.key, secret)).unwrap();
        let asked: AcceptCodeRequested = self.facts().pop().unwrap();
        mailed_code(&self.key, self.id, asked.link, asked.issued_at)
    }

    pub(crate) fn answers(
        &self,
        secret: &OrgSecret,
        code: &str,
        units: &[(UnitId, &str, &str)],
    ) -> Result<Answer, acceptance::AcceptError> {
        let input = answer_input(code, units);
        self.outside(|tx| acceptance::answer(tx, secret, input))
    }

    /// Decides that the worker mends a fix at no extra pay, within a week.
    pub(crate) fn mends(&self, unit: UnitId) -> FixDecision {
        let input = self.fix_input("worker", "");
        self.act(self.director, |tx| fixes::decide(tx, unit, input))
    }

    pub(crate) fn fix_input(&self, fault: &str, extra_pay: &str) -> FixInput {
        FixInput {
            fault: fault.into(),
            extra_pay: extra_pay.into(),
            due_on: self.day(7).to_string().into(),
            comment: "日付を見直してください。".into(),
            ..FixInput::default()
        }
    }

    /// Delivers and accepts units, with a code and all.
    pub(crate) fn accepted(&self, order: OrderId, units: &[UnitId]) {
        let (_, secret) = self.delivers(order, units);
        let code = self.code(&secret);
        let answers: Vec<_> = units.iter().map(|unit| (*unit, "accepted", "")).collect();
        assert!(matches!(self.answers(&secret, &code, &answers).unwrap(), Answer::Taken(_)));
    }

    pub(crate) fn unit(&self, id: UnitId) -> Unit {
        self.act(self.director, |tx| units::find(tx, id))
    }

    pub(crate) fn states(&self, job: JobId) -> Vec<UnitState> {
        let paging = kernel::Paging::first(100);
        let page = self.act(self.director, |tx| units::of_job(tx, job, UnitFilter::default(), &paging));
        page.items.into_iter().map(|unit| unit.state).collect()
    }

    /// The row of a file that `person` uploaded; its bytes are no concern of this crate.
    pub(crate) fn file(&self, person: PersonId) -> FileId {
        let mut count = self.uploads.lock().unwrap();
        *count += 1;
        let key = format!("{:064x}", *count);
        diesel::insert_into(stored::files::table)
            .values((
                stored::files::organization_id.eq(self.id.0),
                stored::files::name.eq("回答.csv"),
                stored::files::media_type.eq("text/csv"),
                stored::files::bytes.eq(42),
                stored::files::sha256.eq(vec![u8::try_from(*count % 256).unwrap(); 32]),
                stored::files::storage_key.eq(key),
                stored::files::person_id.eq(person.0),
            ))
            .returning(stored::files::id)
            .get_result::<i64>(&mut self.db.owner())
            .map(FileId)
            .unwrap()
    }

    /// Every recorded fact of one kind, the oldest first.
    pub(crate) fn facts<E: Event>(&self) -> Vec<E> {
        let payloads: Vec<serde_json::Value> = stored::events::table
            .filter(stored::events::kind.eq(E::KIND))
            .order(stored::events::id)
            .select(stored::events::payload)
            .load(&mut self.db.owner())
            .unwrap();
        payloads.into_iter().map(|payload| serde_json::from_value(payload).unwrap()).collect()
    }
}

pub(crate) fn answer_input(code: &str, units: &[(UnitId, &str, &str)]) -> AnswerInput {
    let answer = |(unit, answer, note): &(UnitId, &str, &str)| UnitAnswer {
        unit_id: *unit,
        answer: (*answer).into(),
        note: (*note).into(),
    };
    AnswerInput { name: "山田 花子".into(), code: code.into(), units: units.iter().map(answer).collect() }
}

pub(crate) fn called_off(fault: &str, percent: &str) -> CancelInput {
    CancelInput { fault: fault.into(), compensation_percent: percent.into(), note: "中止のため".into() }
}

pub(crate) fn returned(reason: &str) -> ReviewInput {
    ReviewInput {
        verdict: "return".into(),
        reason: reason.into(),
        fault: "worker".into(),
        comment: "3行目を見直してください。".into(),
        ..ReviewInput::default()
    }
}

/// A return because something else is wanted now, which is paid.
pub(crate) fn changed_specification() -> ReviewInput {
    ReviewInput {
        fault: "specification".into(),
        extra_pay: "200".into(),
        ..returned("specification_changed")
    }
}

fn client(tx: &mut Tx<'_>) -> Result<(CompanyId, ContactId), DbError> {
    let company = CompanyInput { name: "米子建設".into(), ..CompanyInput::default() };
    let contact = ContactInput {
        family_name: "山田".into(),
        email: "yamada@example.co.jp".into(),
        ..ContactInput::default()
    };
    let company = clients::companies::enter(tx, company).map_err(|_refused| DbError::NotFound)?;
    let contact = clients::contacts::add(tx, company.id, contact).map_err(|_refused| DbError::NotFound)?;
    Ok((company.id, contact.id))
}
