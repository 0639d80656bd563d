//! What the office and the client do: split and offer orders, check, deliver, answer, decide, end what is over.

use accounts::OrgSecret;
use chrono::{NaiveDate, TimeDelta};
use fulfillment::acceptance::{self, AcceptError, AnswerInput, UnitAnswer};
use fulfillment::claims::{self, TakeBackInput};
use fulfillment::deliveries::{self, DeliverInput};
use fulfillment::fixes;
use fulfillment::jobs::{self, Job, JobError, JobInput};
use fulfillment::orders::{self, CloseShortInput, OpenOrder, OrderLine, OrderState, Progress};
use fulfillment::reviews::{self, ReviewInput, ToReview};
use fulfillment::units::{self, CancelInput, UnitFilter, UnitState};
use kernel::{DealId, DeliveryId, Paging, TaxRate, UnitId, Yen};

use super::super::stage::Stage;
use super::month::{DAY, HOUR, Happening, Month, Part, Running};
use super::post::Post;
use super::scenario::Order;
use super::town::Town;
use crate::Stop;

/// How many days before the client's day work is due.
const SLACK_DAYS: i64 = 4;
/// How many days after its day work is waited for that somebody has in hand.
const PATIENCE_DAYS: i64 = 10;
/// A version of this number always passes: nobody is sent back for ever.
const LAST_VERSION: i32 = 3;
/// What a minute of work pays, and what its client pays for it, in yen.
pub(super) const MINUTE_YEN: i64 = 20;
pub(super) const MINUTE_PRICE_YEN: i64 = 45;
/// Where the numbers of the orders' deals begin: sales is not played, so no deal has them.
const NO_DEAL: i64 = 2_000_000_000_000;

impl Month<'_> {
    /// An order comes as a won deal or as a partner's share brings it; what is made here is one job and is offered at once.
    pub(super) fn order_comes(&mut self, number: usize) -> Result<(), Stop> {
        let Some(order) = self.scenario.orders.get(number) else { return Ok(()) };
        let due_on = self.date(order.due) + TimeDelta::days(SLACK_DAYS);
        let mut open = opened(&self.town, number, order, (MINUTE_PRICE_YEN, due_on));
        if order.from_partner {
            self.entrusted(number, &mut open)?;
        }
        let input = self.job_of(order);
        let job = opens(&self.town, open, input)?;
        self.say_kind_in_time(number, order, job.id)?;
        self.town.stage.act(self.town.coordinator, |tx| jobs::offer(tx, job.id))?;
        let mut running = Running { order: job.order_id, job: job.id, part: Part::None, is_over: false };
        if order.to_partner > 0 {
            self.entrust(number, running.order)?;
            running.part = Part::Made;
        }
        self.orders.insert(number, running);
        self.react()
    }

    pub(super) fn unit_pay(&self, number: usize) -> Yen {
        Yen(self.scenario.orders.get(number).map_or(0, |order| i64::from(order.minutes)) * MINUTE_YEN)
    }

    fn job_of(&self, order: &Order) -> JobInput {
        let skill = order.skill.and_then(|skill| self.town.stage.skills.get(skill));
        JobInput {
            skill_id: skill.map(|skill| skill.0.to_string()).unwrap_or_default().into(),
            offer_rule: self.rule.as_str().into(),
            ..job(order, order.units - order.to_partner, self.date(order.due))
        }
    }

    /// Whoever is new, or back, is told of what waits already.
    pub(super) fn put_before_newcomers(&mut self) -> Result<(), Stop> {
        let open: Vec<Running> = self.orders.values().copied().filter(|one| !one.is_over).collect();
        for one in open {
            let all = self.town.stage.system(|tx| jobs::of_order(tx, one.order))?;
            for waits in all.into_iter().filter(|one| one.progress.offered > 0) {
                if waits.job.work_due_on >= self.today() {
                    self.town.stage.act(self.town.coordinator, |tx| jobs::offer(tx, waits.job.id))?;
                }
            }
        }
        self.react()
    }

    /// Checkers take turns; what does not pass goes back with a reason, and where that is its maker's some appeal.
    pub(super) fn check(&mut self) -> Result<(), Stop> {
        let turn = usize::try_from(self.now / HOUR).unwrap_or_default() % self.town.checkers.len();
        let checker = self.town.checkers.get(turn).copied().unwrap_or(self.town.coordinator);
        self.judge(checker)?;
        let mut returned = Vec::new();
        loop {
            let waiting = self.town.stage.act(checker, |tx| reviews::waiting(tx, &Paging::first(100)))?.items;
            if waiting.is_empty() {
                break;
            }
            for one in waiting {
                let verdict = self.verdict(&one);
                let goes_back = verdict.verdict.as_str() == "return";
                let is_theirs = verdict.fault.as_str() == "worker";
                self.town.stage.act(checker, |tx| reviews::decide(tx, one.submission, verdict))?;
                if goes_back && let Some(maker) = self.makers.get(&one.submission).copied() {
                    self.begin_anew(maker, one.unit)?;
                    returned.extend(is_theirs.then_some((maker, one.unit)));
                }
            }
        }
        self.appeal(&returned)?;
        self.react()
    }

    fn verdict(&self, one: &ToReview) -> ReviewInput {
        let maker = self.makers.get(&one.submission).copied().unwrap_or_default();
        if let Some(changed) = self.changed(one, maker) {
            return changed;
        }
        let quality = self.scenario.people.get(maker).map_or(1.0, |person| person.quality);
        let passes = one.number >= LAST_VERSION
            || self.chance.happens(quality, &format!("passes {maker} {} {}", one.label, one.number));
        if passes {
            return ReviewInput { verdict: "pass".into(), ..ReviewInput::default() };
        }
        ReviewInput {
            verdict: "return".into(),
            reason: "typo".into(),
            fault: "worker".into(),
            comment: "もう一度見てください。".into(),
            ..ReviewInput::default()
        }
    }

    pub(super) fn dispatch(&mut self) -> Result<(), Stop> {
        self.decide_fixes()?;
        let open: Vec<(usize, Running)> =
            self.orders.iter().filter(|(_, one)| !one.is_over).map(|(at, one)| (*at, *one)).collect();
        for (number, running) in open {
            self.end_what_is_over(number, running)?;
            self.deliver(number, running)?;
            self.close(number, running)?;
        }
        self.react()
    }

    fn progress(&self, running: Running) -> Result<Progress, Stop> {
        self.town.stage.system(|tx| orders::progress(tx, running.order))
    }

    pub(super) fn due(&self, number: usize) -> NaiveDate {
        self.date(self.scenario.orders.get(number).map_or(0, |order| order.due))
    }

    /// Nobody can take what waits after its day; what somebody has in hand is waited for a while longer.
    fn end_what_is_over(&self, number: usize, running: Running) -> Result<(), Stop> {
        let late = (self.today() - self.due(number)).num_days();
        if late <= 0 {
            return Ok(());
        }
        let coordinator = self.town.coordinator;
        if late > PATIENCE_DAYS {
            for state in UnitState::TO_DO {
                for unit in self.in_state(running, state)? {
                    let note = TakeBackInput { note: "しめきりを過ぎたため".into() };
                    self.town.stage.act(coordinator, |tx| claims::take_back(tx, unit, note))?;
                }
            }
        }
        for unit in self.in_state(running, UnitState::Offered)? {
            self.town.stage.act(coordinator, |tx| units::cancel(tx, unit, CancelInput::default()))?;
        }
        Ok(())
    }

    fn in_state(&self, running: Running, state: UnitState) -> Result<Vec<UnitId>, Stop> {
        let mut found = Vec::new();
        for job in running.jobs() {
            let mut paging = Paging::first(100);
            loop {
                let filter = UnitFilter { state: Some(state) };
                let page = self.town.stage.system(|tx| units::of_job(tx, job, filter, &paging))?;
                found.extend(page.items.iter().map(|unit| unit.id));
                let Some(next) = page.next else { break };
                paging.after = Some(next);
            }
        }
        Ok(found)
    }

    /// What has passed goes out once nothing more is to come, or its day is over.
    fn deliver(&mut self, number: usize, running: Running) -> Result<(), Stop> {
        let progress = self.progress(running)?;
        let is_all = progress.finished() == progress.live();
        if progress.passed == 0 || !is_all && self.today() <= self.due(number) {
            return Ok(());
        }
        let stage = &self.town.stage;
        let delivery = stage.act(self.town.coordinator, |tx| {
            deliveries::assemble(tx, &stage.key, running.order, DeliverInput::default())
        })?;
        self.enter(self.now + DAY + 4 * HOUR, Happening::Answer(number, delivery.id));
        Ok(())
    }

    fn close(&mut self, number: usize, running: Running) -> Result<(), Stop> {
        let (progress, coordinator) = (self.progress(running)?, self.town.coordinator);
        if progress.accepted < progress.live() || progress.total == 0 || running.part == Part::Made {
            return Ok(());
        }
        let order = self.town.stage.system(|tx| orders::find(tx, running.order))?;
        if order.state == OrderState::Running && progress.accepted > 0 {
            let reason =
                CloseShortInput { reason: "しめきりまでに引き受け手がなかった".into() };
            self.town.stage.act(coordinator, |tx| orders::close_short(tx, running.order, reason))?;
        } else if order.state == OrderState::Running {
            self.town
                .stage
                .act(coordinator, |tx| orders::cancel(tx, running.order, CancelInput::default()))?;
        }
        if let Some(one) = self.orders.get_mut(&number) {
            one.is_over = true;
        }
        if self.scenario.orders.get(number).is_some_and(|order| order.from_partner) {
            self.enter(self.now + 4 * HOUR, Happening::PassedOn(number));
        }
        Ok(())
    }

    /// The client answers unit by unit.
    pub(super) fn answer(&mut self, number: usize, delivery: DeliveryId) -> Result<(), Stop> {
        self.react()?;
        let (letter, waiting) = Letter::opened(&self.town.stage, &self.post, delivery)?;
        let answers = waiting.into_iter().map(|(unit, label)| {
            let (answer, note) = self.answers(number, unit, &label);
            UnitAnswer { unit_id: unit, answer: answer.into(), note: note.into() }
        });
        let answers = answers.collect();
        letter.answer(&self.town.stage, answers)
    }

    /// What clients want mended or otherwise is decided.
    fn decide_fixes(&mut self) -> Result<(), Stop> {
        let open = self.town.stage.system(|tx| fixes::open(tx, None, &Paging::first(100)))?.items;
        for one in open {
            let input = self.fix(&one);
            self.town.stage.act(self.town.coordinator, |tx| fixes::decide(tx, one.unit, input))?;
            let maker = self.people.iter().find(|(_, someone)| someone.person == one.holder);
            if let Some(maker) = maker.map(|(number, _)| *number) {
                self.begin_anew(maker, one.unit)?;
            }
        }
        Ok(())
    }

    /// The first version of a unit is received: in time or not.
    pub(super) fn note_receipt(&mut self, unit: UnitId) -> Result<(), Stop> {
        let due_on = self.town.stage.system(|tx| -> Result<_, db::DbError> {
            let job = units::find(tx, unit)?.job_id;
            Ok(jobs::find(tx, job)?.work_due_on)
        })?;
        self.outcome.received += 1;
        if self.today() <= due_on {
            self.outcome.in_time += 1;
        }
        Ok(())
    }
}

/// The link of a delivery's mail, opened, and the code that was asked for.
pub(super) struct Letter {
    secret: OrgSecret,
    code: String,
}

impl Letter {
    /// A client opens the link from their mail and asks for a code; with the units that wait for them, and their labels.
    pub(super) fn opened(
        stage: &Stage,
        post: &Post,
        delivery: DeliveryId,
    ) -> Result<(Self, Vec<(UnitId, String)>), Stop> {
        let sent = post.sent(delivery)?;
        let secret = acceptance::link_secret(&stage.key, stage.organization, sent.link, sent.link_issued_at);
        let (view, asked_at) = stage.client(|tx| -> Result<_, AcceptError> {
            let view = acceptance::open_link(tx, &secret)?;
            acceptance::request_code(tx, &stage.key, &secret)?;
            Ok((view, tx.now()))
        })?;
        let waiting = view.units.into_iter().filter(|unit| unit.state == UnitState::Delivered);
        let waiting = waiting.map(|unit| (unit.unit, unit.label)).collect();
        let code = acceptance::mailed_code(&stage.key, stage.organization, sent.link, asked_at);
        Ok((Self { secret, code }, waiting))
    }

    /// Gives their answer with the code, once that has come.
    pub(super) fn answer(self, stage: &Stage, units: Vec<UnitAnswer>) -> Result<(), Stop> {
        stage.wait(2);
        let input = AnswerInput { name: "発注".into(), code: self.code.into(), units };
        stage.client(|tx| acceptance::answer(tx, &self.secret, input)).map(drop)
    }
}

/// An order of a scenario as a town's client gives it, at so many yen a minute and for a day.
pub(super) fn opened(
    town: &Town,
    number: usize,
    order: &Order,
    (minute_price, due_on): (i64, NaiveDate),
) -> OpenOrder {
    let unit_price = Yen(i64::from(order.minutes) * minute_price);
    let towns_own = town.stage.organization.0.saturating_mul(1_000_000);
    OpenOrder {
        deal_id: DealId(NO_DEAL + towns_own + i64::try_from(number).unwrap_or_default()),
        title: order.title.clone(),
        company_id: town.client.company,
        contact_id: Some(town.client.contact),
        amount: Yen(unit_price.0 * i64::from(order.units)),
        due_on,
        client_terms: String::new(),
        lines: vec![OrderLine {
            description: order.title.clone(),
            quantity: i32::try_from(order.units).unwrap_or(i32::MAX),
            unit_price,
            unit_minutes: i32::try_from(order.minutes).unwrap_or(i32::MAX),
            tax_rate: TaxRate::STANDARD,
        }],
        repeats: None,
    }
}

/// So many units of an order as the job they are.
pub(super) fn job(order: &Order, units: u32, due_on: NaiveDate) -> JobInput {
    JobInput {
        title: order.title.as_str().into(),
        rules: "見本のとおりに進める。（模擬）".into(),
        unit_minutes: order.minutes.to_string().into(),
        unit_pay: (i64::from(order.minutes) * MINUTE_YEN).to_string().into(),
        work_due_on: due_on.to_string().into(),
        count: units.to_string().into(),
        ..JobInput::default()
    }
}

/// Opens an order that is one job at first, and starts it.
pub(super) fn opens(town: &Town, open: OpenOrder, input: JobInput) -> Result<Job, Stop> {
    town.stage.act(town.coordinator, |tx| -> Result<_, JobError> {
        let order = orders::open_from_deal(tx, open).map_err(split_failed)?;
        let job = jobs::split(tx, order.id, input)?;
        orders::start(tx, order.id).map_err(split_failed)?;
        Ok(job)
    })
}

fn split_failed(error: orders::OrderError) -> JobError {
    match error {
        orders::OrderError::Db(error) => JobError::Db(error),
        _ => JobError::Closed,
    }
}
