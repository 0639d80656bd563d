//! Towns beside the one whose month is played: one upstream entrusts orders to it, one downstream makes parts of orders for it.
//! Each is a town of its own under the same clock, with its own office and tasks; what they say of shares crosses as it always does.
//!
//! As everywhere in a simulation nobody sells: whoever takes a share takes it as a deal that is not there.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, Months, NaiveDate};
use fulfillment::acceptance::UnitAnswer;
use fulfillment::claims;
use fulfillment::deliveries::{self, DeliverInput};
use fulfillment::jobs::{self, JobInput, OfferRule};
use fulfillment::orders::{self, CloseShortInput, OpenOrder};
use fulfillment::partners::{self, AskPartnerInput, PartnerId};
use fulfillment::reviews::{self, ReviewInput};
use fulfillment::shares::{self, OrderShare, ShareInput, SharePaymentInput, ShareSide};
use fulfillment::submissions::{self, SubmitInput};
use kernel::{DeliveryId, JobId, OrderId, Paging, PersonId, UnitId, Yen};
use queue::Runner;

use super::month::{Backstage, DAY, HOUR, Happening, Month, Part};
use super::office::{Letter, MINUTE_PRICE_YEN, MINUTE_YEN, job, opened, opens};
use super::post::Post;
use super::residents::claim;
use super::scenario::Order;
use super::town::{Client, Town};
use crate::Stop;

/// What the client of a town upstream pays it for a minute, and what a town downstream is paid for one, in yen.
const UPSTREAM_MINUTE_YEN: i64 = 50;
const DOWNSTREAM_MINUTE_YEN: i64 = 35;
/// Minutes a week that residents of a town downstream wish for.
const WEEKLY_MINUTES: u32 = 2400;
/// How long it takes to put together what came from a partner.
const GATHERING_MINUTES: i64 = 30;

/// A town beside the one whose month is played.
pub(super) struct Beside {
    town: Town,
    runner: Runner,
    post: Post,
}

/// A town that entrusts orders.
pub(super) struct Upstream {
    there: Beside,
    /// Its row of the partnership.
    partner: PartnerId,
    /// What it is to the town that it entrusts them to.
    pub(super) client: Client,
    /// Its own clients' orders that it shared.
    orders: BTreeMap<usize, OrderId>,
}

/// A town that makes parts of orders.
pub(super) struct Downstream {
    there: Beside,
    /// The sharing town's row of the partnership.
    partner: PartnerId,
    /// Its own order of each part, and who has which unit of it.
    parts: BTreeMap<usize, (OrderId, Held)>,
}

/// Who has which units.
type Held = Vec<(PersonId, UnitId)>;

/// One town asks, the other agrees; gives the asking town's row.
fn agree(asks: (&Town, &Runner), agrees: (&Town, &Runner)) -> Result<PartnerId, Stop> {
    let ((asking, first), (agreeing, second)) = (asks, agrees);
    let input = AskPartnerInput { town: agreeing.slug.as_str().into() };
    let partner = asking.stage.act(asking.coordinator, |tx| partners::ask(tx, &input))?.id;
    first.run_all().map_err(Stop::failed)?;
    let list = |tx: &mut db::Tx<'_>| partners::list(tx, &Paging::first(10));
    let known = agreeing.stage.act(agreeing.coordinator, list)?.items;
    let known = known.into_iter().find(|one| one.slug == asking.slug);
    let known = known.ok_or_else(|| Stop::failed("a town was not asked"))?;
    agreeing.stage.act(agreeing.coordinator, |tx| partners::agree(tx, known.id))?;
    second.run_all().map_err(Stop::failed)?;
    Ok(partner)
}

/// So many units of an order at so many yen a minute, wanted by a day and paid at the end of the month after.
fn share(
    order: &Order,
    partner: PartnerId,
    (units, minute_yen): (u32, i64),
    due_on: NaiveDate,
) -> ShareInput {
    let first = due_on - Days::new(due_on.day0().into());
    let pay_on = first + Months::new(2) - Days::new(1);
    ShareInput {
        partner_id: partner.to_string().into(),
        title: order.title.as_str().into(),
        work: "見本のとおりに進める。（模擬）".into(),
        quantity: units.to_string().into(),
        unit_price: (i64::from(order.minutes) * minute_yen).to_string().into(),
        unit_minutes: order.minutes.to_string().into(),
        due_on: due_on.to_string().into(),
        pay_on: pay_on.to_string().into(),
        ..ShareInput::default()
    }
}

/// What a town was offered last.
fn newest(town: &Town) -> Result<OrderShare, Stop> {
    let list = |tx: &mut db::Tx<'_>| shares::list(tx, ShareSide::In, &Paging::first(1));
    let mut page = town.stage.act(town.coordinator, list)?;
    page.items.pop().ok_or_else(|| Stop::failed("a share did not arrive"))
}

/// One unit that stands for all pieces that came from a partner.
fn gathering(order: &Order, pieces: u32, due_on: NaiveDate) -> JobInput {
    JobInput {
        title: format!("{}（提携先の分）", order.title).into(),
        unit_minutes: GATHERING_MINUTES.to_string().into(),
        unit_pay: (GATHERING_MINUTES * MINUTE_YEN).to_string().into(),
        unit_pieces: pieces.to_string().into(),
        ..job(order, 1, due_on)
    }
}

fn nobody() -> Stop {
    Stop::failed("no partner town was opened")
}

impl Month<'_> {
    /// Opens the towns that the scenario's orders need, and agrees with them.
    pub(super) fn meet_partners(&mut self, backstage: &Backstage<'_>) -> Result<(), Stop> {
        let orders = &self.scenario.orders;
        if orders.iter().any(|order| order.from_partner) {
            let (town, client) = self.town.upstream()?;
            let there = Beside::of(town, backstage);
            let partner = agree((&there.town, &there.runner), (&self.town, &self.runner))?;
            self.upstream = Some(Upstream { there, partner, client, orders: BTreeMap::new() });
        }
        if orders.iter().any(|order| order.to_partner > 0) {
            let there = Beside::of(self.town.downstream()?, backstage);
            let partner = agree((&self.town, &self.runner), (&there.town, &there.runner))?;
            self.downstream = Some(Downstream { there, partner, parts: BTreeMap::new() });
        }
        Ok(())
    }

    /// The town upstream shares an order of its own client, and this one takes it: `open` becomes that order.
    pub(super) fn entrusted(&mut self, number: usize, open: &mut OpenOrder) -> Result<(), Stop> {
        let Some(up) = &mut self.upstream else { return Err(nobody()) };
        let Some(order) = self.scenario.orders.get(number) else { return Ok(()) };
        let (there, here) = (&up.there.town, &self.town);
        let theirs = opened(there, number, order, (UPSTREAM_MINUTE_YEN, open.due_on));
        let theirs = there.stage.act(there.coordinator, |tx| orders::open_from_deal(tx, theirs))?.id;
        let input = share(order, up.partner, (order.units, MINUTE_PRICE_YEN), open.due_on);
        there.stage.act(there.coordinator, |tx| shares::offer(tx, theirs, &input))?;
        up.there.runs()?;
        let offered = newest(here)?.id;
        here.stage.act(here.coordinator, |tx| shares::accept(tx, offered, open.deal_id))?;
        (open.company_id, open.contact_id) = (up.client.company, Some(up.client.contact));
        up.orders.insert(number, theirs);
        Ok(())
    }

    /// What the town upstream accepted goes on to its own client, who accepts it.
    pub(super) fn passed_on(&mut self, number: usize) -> Result<(), Stop> {
        let Some(up) = &self.upstream else { return Err(nobody()) };
        let (Some(order), Some(theirs)) = (self.scenario.orders.get(number), up.orders.get(&number)) else {
            return Ok(());
        };
        let (theirs, town) = (*theirs, &up.there.town);
        let shared = town.stage.act(town.coordinator, |tx| shares::of_order(tx, theirs))?;
        let pieces: u32 = shared.iter().filter_map(|one| u32::try_from(one.accepted).ok()).sum();
        if pieces == 0 {
            return Ok(());
        }
        let input = JobInput {
            offer_rule: OfferRule::FirstCome.as_str().into(),
            ..gathering(order, pieces, self.due(number).max(self.today()))
        };
        let gathers = town.stage.act(town.coordinator, |tx| jobs::split(tx, theirs, input))?.id;
        town.stage.act(town.coordinator, |tx| orders::start(tx, theirs))?;
        let held = up.there.shares_out(gathers, number, (1, WEEKLY_MINUTES))?;
        let delivery = up.there.makes(theirs, &held)?;
        up.there.is_accepted(delivery)?;
        if pieces < order.units {
            let short = CloseShortInput { reason: "提携先で引き受け手がなかった".into() };
            town.stage.act(town.coordinator, |tx| orders::close_short(tx, theirs, short))?;
        }
        Ok(())
    }

    /// A part of an order is shared with the town downstream, which takes it at once.
    pub(super) fn entrust(&mut self, number: usize, order: OrderId) -> Result<(), Stop> {
        let Some(wanted) = self.scenario.orders.get(number) else { return Ok(()) };
        let (due_on, town) = (self.date(wanted.due), &self.town);
        let partner = self.downstream.as_ref().ok_or_else(nobody)?.partner;
        let input = share(wanted, partner, (wanted.to_partner, DOWNSTREAM_MINUTE_YEN), due_on);
        town.stage.act(town.coordinator, |tx| shares::offer(tx, order, &input))?;
        self.react()?;
        self.downstream.as_mut().ok_or_else(nobody)?.take(number, wanted, due_on)?;
        self.enter(self.now + 2 * DAY + HOUR, Happening::PartMade(number));
        Ok(())
    }

    /// The town downstream delivers its part.
    pub(super) fn part_made(&mut self, number: usize) -> Result<(), Stop> {
        let down = self.downstream.as_ref().ok_or_else(nobody)?;
        let Some((order, held)) = down.parts.get(&number) else { return Err(nobody()) };
        let delivery = down.there.makes(*order, held)?;
        self.enter(self.now + DAY + 4 * HOUR, Happening::PartTaken(number, delivery));
        Ok(())
    }

    /// What the town downstream delivered is accepted, and somebody here puts it together for the client.
    pub(super) fn part_taken(&mut self, number: usize, delivery: DeliveryId) -> Result<(), Stop> {
        self.downstream.as_ref().ok_or_else(nobody)?.there.is_accepted(delivery)?;
        let gathers = self.gathers(number)?;
        if let Some(running) = self.orders.get_mut(&number) {
            running.part = Part::Came(gathers);
        }
        self.react()
    }

    fn gathers(&self, number: usize) -> Result<JobId, Stop> {
        let (Some(order), Some(running)) = (self.scenario.orders.get(number), self.orders.get(&number))
        else {
            return Err(Stop::failed("a part came of an order that is not there"));
        };
        let town = &self.town;
        let input = JobInput {
            offer_rule: self.rule.as_str().into(),
            ..gathering(order, order.to_partner, self.due(number).max(self.today()))
        };
        let gathers = town.stage.act(town.coordinator, |tx| jobs::split(tx, running.order, input))?.id;
        town.say_kind(gathers, false)?;
        town.stage.act(town.coordinator, |tx| jobs::offer(tx, gathers))?;
        Ok(gathers)
    }

    /// What the towns beside pay their residents, and are paid.
    pub(super) fn settle_beside(&self) -> Result<(), Stop> {
        let towns =
            [self.upstream.as_ref().map(|up| &up.there), self.downstream.as_ref().map(|down| &down.there)];
        for there in towns.into_iter().flatten() {
            let town = &there.town;
            let asked = self.close_months(town, |month_end| {
                town.close(month_end)?;
                town.ask(town.client.company, month_end)
            })?;
            let last = asked.iter().map(|invoice| invoice.due_on).max();
            town.stage.turn_to(last.unwrap_or_else(|| self.today()), 9 * HOUR);
            for invoice in &asked {
                town.receive(invoice, None, invoice.due_on)?;
            }
            there.runs()?;
        }
        self.pay_partners()
    }

    /// Whoever entrusted a part writes down what it paid for it.
    fn pay_partners(&self) -> Result<(), Stop> {
        let up = self.upstream.as_ref().map(|up| &up.there.town);
        for town in up.into_iter().chain([&self.town]) {
            let list = |tx: &mut db::Tx<'_>| shares::list(tx, ShareSide::Out, &Paging::first(100));
            for one in town.stage.act(town.coordinator, list)?.items {
                if one.open() > Yen::ZERO {
                    let amount = one.open().0.to_string().into();
                    let input = SharePaymentInput { amount, ..SharePaymentInput::default() };
                    town.stage.act(town.coordinator, |tx| shares::pay(tx, one.id, &input))?;
                }
            }
        }
        Ok(())
    }
}

impl Downstream {
    /// Takes what was offered last; as many residents as it needs claim it.
    fn take(&mut self, number: usize, order: &Order, due_on: NaiveDate) -> Result<(), Stop> {
        let town = &self.there.town;
        let part = Order { units: order.to_partner, ..order.clone() };
        let open = opened(town, number, &part, (DOWNSTREAM_MINUTE_YEN, due_on));
        let offered = newest(town)?.id;
        town.stage.act(town.coordinator, |tx| shares::accept(tx, offered, open.deal_id))?;
        let input =
            JobInput { offer_rule: OfferRule::FirstCome.as_str().into(), ..job(&part, part.units, due_on) };
        let job = opens(town, open, input)?;
        let held = self.there.shares_out(job.id, number, (part.units, part.minutes))?;
        self.parts.insert(number, (job.order_id, held));
        Ok(())
    }
}

impl Beside {
    fn of(town: Town, backstage: &Backstage<'_>) -> Self {
        let post = Post::default();
        let runner = post.runner(&town.stage, backstage);
        Self { town, runner, post }
    }

    fn runs(&self) -> Result<(), Stop> {
        self.runner.run_all().map(drop).map_err(Stop::failed)
    }

    /// Offers a job of so many units of so many minutes; as many residents join as it takes, and have all of it.
    fn shares_out(&self, job: JobId, number: usize, (units, minutes): (u32, u32)) -> Result<Held, Stop> {
        let town = &self.town;
        town.say_kind(job, false)?;
        let (most, mut left, mut takers) = (WEEKLY_MINUTES / minutes.max(1), units, Vec::new());
        while left > 0 {
            let count = left.min(most.max(1));
            let name = format!("Partner {number}-{}", takers.len() + 1);
            takers.push((town.welcome(&name, WEEKLY_MINUTES, &BTreeMap::new())?, count));
            left -= count;
        }
        town.stage.act(town.coordinator, |tx| jobs::offer(tx, job))?;
        self.runs()?;
        let mut held = Vec::new();
        for ((person, worker), count) in takers {
            let claimed = town.stage.act(person, |tx| claim(tx, (job, worker), count.into()))?;
            held.extend(claimed.units.into_iter().map(|unit| (person, unit)));
        }
        self.runs()?;
        Ok(held)
    }

    /// Everybody hands in what they have; it is checked, and goes out.
    fn makes(&self, order: OrderId, held: &Held) -> Result<DeliveryId, Stop> {
        let (stage, [checker, _]) = (&self.town.stage, self.town.checkers);
        for (person, unit) in held {
            let input = SubmitInput { result_text: "できました".into(), ..SubmitInput::default() };
            stage.act(*person, |tx| claims::start(tx, *unit).map(drop))?;
            stage.wait(1);
            let version = stage.act(*person, |tx| submissions::submit(tx, *unit, input))?.id;
            let pass = ReviewInput { verdict: "pass".into(), ..ReviewInput::default() };
            stage.act(checker, |tx| reviews::decide(tx, version, pass))?;
        }
        stage.wait(1);
        let delivery = stage.act(self.town.coordinator, |tx| {
            deliveries::assemble(tx, &stage.key, order, DeliverInput::default())
        })?;
        self.runs()?;
        Ok(delivery.id)
    }

    /// Its client accepts a whole delivery.
    fn is_accepted(&self, delivery: DeliveryId) -> Result<(), Stop> {
        let (letter, waiting) = Letter::opened(&self.town.stage, &self.post, delivery)?;
        let accepted = |(unit, _label): (UnitId, String)| UnitAnswer {
            unit_id: unit,
            answer: "accepted".into(),
            note: "".into(),
        };
        letter.answer(&self.town.stage, waiting.into_iter().map(accepted).collect())?;
        self.runs()
    }
}
