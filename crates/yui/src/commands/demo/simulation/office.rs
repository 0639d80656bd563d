//! What the office and the client do: split and offer orders, check, deliver, answer, decide, end what is over.

use accounts::OrgSecret;
use chrono::TimeDelta;
use fulfillment::acceptance::{self, AcceptError, AnswerInput, UnitAnswer};
use fulfillment::claims::{self, TakeBackInput};
use fulfillment::deliveries::{self, DeliverInput};
use fulfillment::fixes::{self, FixInput};
use fulfillment::jobs::{self, JobError, JobInput};
use fulfillment::orders::{self, CloseShortInput, OpenOrder, OrderLine, OrderState, Progress};
use fulfillment::reviews::{self, ReviewInput};
use fulfillment::units::{self, CancelInput, UnitFilter, UnitState};
use kernel::{DealId, DeliveryId, Paging, SubmissionId, TaxRate, UnitId, Yen};

use super::month::{DAY, HOUR, Happening, Month, Running};
use super::scenario::Order;
use crate::Stop;

/// How many days before the client's day work is due.
const SLACK_DAYS: i64 = 4;
/// How many days after its day work is waited for that somebody has in hand.
const PATIENCE_DAYS: i64 = 10;
/// How many days a fix may take.
const FIX_DAYS: i64 = 5;
/// A version of this number always passes: nobody is sent back for ever.
const LAST_VERSION: i32 = 3;
/// What a minute of work pays, and what its client pays for it, in yen.
const MINUTE_YEN: i64 = 20;
const MINUTE_PRICE_YEN: i64 = 45;
/// Where the numbers of the orders' deals begin: sales is not played, so no deal has them.
const NO_DEAL: i64 = 2_000_000_000_000;

impl Month<'_> {
    /// An order comes as a won deal brings it; it is one job and is offered at once.
    pub(super) fn order_comes(&mut self, number: usize) -> Result<(), Stop> {
        let Some(order) = self.scenario.orders.get(number) else { return Ok(()) };
        let open = self.opened(number, order);
        let input = self.job_of(order);
        let job = self.town.stage.act(self.town.coordinator, |tx| -> Result<_, JobError> {
            let order = orders::open_from_deal(tx, open).map_err(split_failed)?;
            let job = jobs::split(tx, order.id, input)?;
            orders::start(tx, order.id).map_err(split_failed)?;
            Ok(job)
        })?;
        self.say_kind_in_time(number, order, job.id)?;
        self.town.stage.act(self.town.coordinator, |tx| jobs::offer(tx, job.id))?;
        let running = Running { order: job.order_id, job: job.id, is_over: false };
        self.orders.insert(number, running);
        self.react()
    }

    fn opened(&self, number: usize, order: &Order) -> OpenOrder {
        let unit_price = Yen(i64::from(order.minutes) * MINUTE_PRICE_YEN);
        let towns_own = self.town.stage.organization.0.saturating_mul(1_000_000);
        OpenOrder {
            deal_id: DealId(NO_DEAL + towns_own + i64::try_from(number).unwrap_or_default()),
            title: order.title.clone(),
            company_id: self.town.company,
            contact_id: Some(self.town.contact),
            amount: Yen(unit_price.0 * i64::from(order.units)),
            due_on: self.date(order.due) + TimeDelta::days(SLACK_DAYS),
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

    fn job_of(&self, order: &Order) -> JobInput {
        let skill = order.skill.and_then(|skill| self.town.stage.skills.get(skill));
        JobInput {
            title: order.title.as_str().into(),
            rules: "見本のとおりに進める。（模擬）".into(),
            unit_minutes: order.minutes.to_string().into(),
            unit_pay: (i64::from(order.minutes) * MINUTE_YEN).to_string().into(),
            skill_id: skill.map(|skill| skill.0.to_string()).unwrap_or_default().into(),
            work_due_on: self.date(order.due).to_string().into(),
            offer_rule: self.rule.as_str().into(),
            count: order.units.to_string().into(),
            ..JobInput::default()
        }
    }

    /// Whoever is new, or back, is told of what waits already.
    pub(super) fn put_before_newcomers(&mut self) -> Result<(), Stop> {
        let open: Vec<Running> = self.orders.values().copied().filter(|one| !one.is_over).collect();
        for one in open {
            let waits = self.progress(one)?.offered > 0;
            let job = self.town.stage.system(|tx| jobs::find(tx, one.job))?;
            if waits && job.work_due_on >= self.today() {
                self.town.stage.act(self.town.coordinator, |tx| jobs::offer(tx, one.job))?;
            }
        }
        self.react()
    }

    /// Checkers take turns; what does not pass goes back with a reason of its maker's.
    pub(super) fn check(&mut self) -> Result<(), Stop> {
        let turn = usize::try_from(self.now / HOUR).unwrap_or_default() % self.town.checkers.len();
        let checker = self.town.checkers.get(turn).copied().unwrap_or(self.town.coordinator);
        loop {
            let waiting = self.town.stage.act(checker, |tx| reviews::waiting(tx, &Paging::first(100)))?.items;
            if waiting.is_empty() {
                return self.react();
            }
            for one in waiting {
                let verdict = self.verdict(one.submission, one.number, &one.label);
                let goes_back = verdict.verdict.as_str() == "return";
                self.town.stage.act(checker, |tx| reviews::decide(tx, one.submission, verdict))?;
                if goes_back && let Some(maker) = self.makers.get(&one.submission).copied() {
                    self.forget(maker, one.unit)?;
                    self.sit_down(maker);
                }
            }
        }
    }

    fn verdict(&self, version: SubmissionId, number: i32, label: &str) -> ReviewInput {
        let maker = self.makers.get(&version).copied().unwrap_or_default();
        let quality = self.scenario.people.get(maker).map_or(1.0, |person| person.quality);
        let passes = number >= LAST_VERSION
            || self.chance.happens(quality, &format!("passes {maker} {label} {number}"));
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

    /// Somebody begins a unit anew: what is left of it is another thing than what was.
    fn forget(&mut self, number: usize, unit: UnitId) -> Result<(), Stop> {
        self.someone(number)?.left_of_unit.remove(&unit);
        Ok(())
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

    fn due(&self, number: usize) -> chrono::NaiveDate {
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
        let (mut paging, mut found) = (Paging::first(100), Vec::new());
        loop {
            let filter = UnitFilter { state: Some(state) };
            let page = self.town.stage.system(|tx| units::of_job(tx, running.job, filter, &paging))?;
            found.extend(page.items.iter().map(|unit| unit.id));
            match page.next {
                Some(next) => paging.after = Some(next),
                None => return Ok(found),
            }
        }
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
        if progress.accepted < progress.live() || progress.total == 0 {
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
        Ok(())
    }

    /// The client opens the link from their mail, asks for a code and answers unit by unit.
    pub(super) fn answer(&mut self, number: usize, delivery: DeliveryId) -> Result<(), Stop> {
        self.react()?;
        let sent = self.sent(delivery).ok_or_else(|| Stop::failed("a delivery was not mailed"))?;
        let stage = &self.town.stage;
        let secret: OrgSecret =
            acceptance::link_secret(&stage.key, stage.organization, sent.link, sent.link_issued_at);
        let (view, asked_at) = stage.client(|tx| -> Result<_, AcceptError> {
            let view = acceptance::open_link(tx, &secret)?;
            acceptance::request_code(tx, &stage.key, &secret)?;
            Ok((view, tx.now()))
        })?;
        let wants = |label: &str| {
            self.chance.happens(self.scenario.client_fixes, &format!("wants a fix {number} {label}"))
        };
        let waiting = view.units.iter().filter(|unit| unit.state == UnitState::Delivered);
        let units = waiting
            .map(|unit| {
                let (answer, note) =
                    if wants(&unit.label) { ("fix", "直してください") } else { ("accepted", "") };
                UnitAnswer { unit_id: unit.unit, answer: answer.into(), note: note.into() }
            })
            .collect();
        stage.wait(2);
        let input = AnswerInput {
            name: "発注".into(),
            code: acceptance::mailed_code(&stage.key, stage.organization, sent.link, asked_at).into(),
            units,
        };
        stage.client(|tx| acceptance::answer(tx, &secret, input))?;
        Ok(())
    }

    /// Whoever made it mends what the client wants, within a week.
    fn decide_fixes(&mut self) -> Result<(), Stop> {
        let open = self.town.stage.system(|tx| fixes::open(tx, None, &Paging::first(100)))?.items;
        for one in open {
            let input = FixInput {
                fault: "worker".into(),
                due_on: (self.today() + TimeDelta::days(FIX_DAYS)).to_string().into(),
                comment: "お客様のご希望です。".into(),
                ..FixInput::default()
            };
            self.town.stage.act(self.town.coordinator, |tx| fixes::decide(tx, one.unit, input))?;
            let maker = self.people.iter().find(|(_, someone)| someone.person == one.holder);
            if let Some(maker) = maker.map(|(number, _)| *number) {
                self.forget(maker, one.unit)?;
                self.sit_down(maker);
            }
        }
        Ok(())
    }

    /// The first version of a unit is received: in time or not.
    pub(super) fn note_receipt(&mut self, unit: UnitId) -> Result<(), Stop> {
        let order = self.town.stage.system(|tx| units::find(tx, unit))?.order_id;
        let number = self.orders.iter().find(|(_, one)| one.order == order).map(|(number, _)| *number);
        self.outcome.received += 1;
        if number.is_some_and(|number| self.today() <= self.due(number)) {
            self.outcome.in_time += 1;
        }
        Ok(())
    }
}

fn split_failed(error: orders::OrderError) -> JobError {
    match error {
        orders::OrderError::Db(error) => JobError::Db(error),
        _ => JobError::Closed,
    }
}
