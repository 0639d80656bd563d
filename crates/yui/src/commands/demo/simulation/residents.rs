//! What residents do: join, go away, look at what is before them, take it or not, work a bit every day, hand in.

use fulfillment::claims::{self, ClaimError, ClaimInput, Claimed, Mine, MyUnit};
use fulfillment::drafts::{self, DraftError, DraftInput};
use fulfillment::offers::{self, OfferCard};
use fulfillment::submissions::{self, SubmitError, SubmitInput};
use fulfillment::terms;
use fulfillment::units::UnitState;
use kernel::{Actor, JobId, Language, Paging, PersonId, RequestId, Scope, UnitId, WorkerId};

use super::month::{DAY, HOUR, Happening, Month, Someone};
use crate::Stop;

/// People answer and work between these hours of the day.
const WAKES: i64 = 8 * HOUR;
const SLEEPS: i64 = 21 * HOUR;
/// On how many days a week somebody works.
const DAYS_A_WEEK: i64 = 6;
/// Mending what came back takes this part of the whole.
const MENDING: f64 = 0.4;

impl Month<'_> {
    pub(super) fn join(&mut self, number: usize) -> Result<(), Stop> {
        let joins = self.person(number)?;
        let (person, worker) = self.town.welcome(&joins.name, joins.weekly_minutes, &joins.skills)?;
        let someone = Someone {
            person,
            worker,
            is_there: true,
            is_at_work: false,
            told: 0,
            left_of_day: (-1, 0),
            left_of_unit: std::collections::HashMap::new(),
        };
        self.people.insert(number, someone);
        self.put_before_newcomers()
    }

    /// Whoever says so gives back what they hold; of the others nothing is heard.
    pub(super) fn leave(&mut self, number: usize, place: usize) -> Result<(), Stop> {
        let tells = self.person(number)?.absences.get(place).is_some_and(|away| away.tells);
        let someone = self.someone(number)?;
        someone.is_there = false;
        someone.is_at_work = false;
        let (person, worker) = (someone.person, someone.worker);
        if !tells {
            return Ok(());
        }
        self.town.stage.act(person, |tx| -> Result<(), ClaimError> {
            loop {
                let mine = claims::mine(tx, Mine::ToDo, &Paging::first(50))?.items;
                if mine.is_empty() {
                    return Ok(());
                }
                for unit in mine {
                    claims::hand_back(tx, unit.unit)?;
                }
            }
        })?;
        self.town.rest(worker)?;
        self.react()
    }

    pub(super) fn come_back(&mut self, number: usize, place: usize) -> Result<(), Stop> {
        let tells = self.person(number)?.absences.get(place).is_some_and(|away| away.tells);
        let someone = self.someone(number)?;
        someone.is_there = true;
        let worker = someone.worker;
        if tells {
            self.town.return_of(worker)?;
            self.put_before_newcomers()?;
        }
        self.sit_down(number);
        self.enter(self.now + HOUR, Happening::Look(number));
        Ok(())
    }

    /// A worker hears of an offer: they look at it after a while, or not at all.
    pub(super) fn is_told(&mut self, worker: WorkerId) {
        let found = self.people.iter_mut().find(|(_, one)| one.worker == worker);
        let Some((number, someone)) = found else { return };
        someone.told += 1;
        let (number, told) = (*number, someone.told);
        let Some(person) = self.scenario.people.get(number) else { return };
        if self.chance.happens(person.answers, &format!("answers {number} {told}")) {
            #[expect(clippy::cast_precision_loss, reason = "an hour has sixty minutes")]
            let mean = person.answer_hours * HOUR as f64;
            let waits = self.chance.waiting(mean, &format!("answers after {number} {told}"));
            self.enter(awake_after(self.now, waits), Happening::Look(number));
        }
    }

    /// Somebody looks at their offers and takes what fits.
    pub(super) fn look(&mut self, number: usize) -> Result<(), Stop> {
        let someone = self.someone(number)?;
        let (person, worker, is_there) = (someone.person, someone.worker, someone.is_there);
        if !is_there {
            return Ok(());
        }
        let cards = self.town.stage.act(person, |tx| offers::fitting(tx, worker, &Paging::first(50)))?.items;
        let mut has_said_no = false;
        for card in cards {
            let order = self.orders.iter().find(|(_, one)| one.has(card.job)).map_or(0, |(at, _)| *at);
            let declines = self.person(number)?.declines;
            if self.chance.happens(declines, &format!("declines {number} {order}")) {
                self.town.stage.act(person, |tx| offers::decline(tx, card.offer))?;
                has_said_no = true;
            } else {
                self.claim(number, &card)?;
            }
        }
        if has_said_no {
            self.react()?;
        }
        self.sit_down(number);
        Ok(())
    }

    /// As much of an offer as there are hours for; whatever a page would refuse is refused here.
    fn claim(&mut self, number: usize, card: &OfferCard) -> Result<(), Stop> {
        let someone = self.someone(number)?;
        let (person, worker) = (someone.person, someone.worker);
        let minutes = i64::from(card.unit_minutes.max(1));
        let claimed = self.try_as(person, |tx| {
            let resident = workforce::workers::find(tx, worker)?;
            let count = card.units_left.min(claims::free_minutes(tx, &resident)? / minutes);
            if count == 0 {
                return Ok(0);
            }
            claim(tx, (card.job, worker), count).map(|_claimed| count)
        });
        match claimed {
            Ok(_units) => Ok(()),
            Err(ClaimError::Db(error)) => Err(Stop::failed(error)),
            Err(refused) => {
                log::debug!("{}: {refused}", card.title);
                self.outcome.refused += 1;
                Ok(())
            }
        }
    }

    /// Lets somebody act whom a rule may refuse.
    fn try_as<T, E: From<db::DbError>>(
        &self,
        person: PersonId,
        work: impl FnOnce(&mut db::Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let stage = &self.town.stage;
        let scope =
            Scope { organization: stage.organization, actor: Actor::Person(person), request: RequestId(0) };
        stage.db.run_blocking(scope, work)
    }

    /// Somebody with something to do, or who might have, works on from the next time they have for it.
    pub(super) fn sit_down(&mut self, number: usize) {
        let at = self.next_sitting(number);
        let Some(someone) = self.people.get_mut(&number) else { return };
        if someone.is_there && !someone.is_at_work {
            someone.is_at_work = true;
            self.enter(at, Happening::Work(number));
        }
    }

    /// When somebody next has time: today if their hour is still to come or they have minutes left, else on another day.
    fn next_sitting(&self, number: usize) -> i64 {
        let today = self.now.div_euclid(DAY);
        let (worked_on, left) = self.people.get(&number).map_or((-1, 0), |one| one.left_of_day);
        for day in today..today + 8 {
            let begins = day * DAY + self.hour_of(number, day);
            if day == today && (worked_on == today && left == 0 || self.now >= today * DAY + SLEEPS - HOUR) {
                continue;
            }
            if !self.rests_on(number, day) {
                return begins.max(self.now + 5);
            }
        }
        self.now + 8 * DAY
    }

    /// The minute of a day at which somebody sits down: another one each day.
    fn hour_of(&self, number: usize, day: i64) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "minutes of eight hours")]
        let later = (self.chance.draw(&format!("sits down {number} {day}")) * 480.0) as i64;
        9 * HOUR + later
    }

    /// One day of each week is free: each has their own.
    fn rests_on(&self, number: usize, day: i64) -> bool {
        let own = i64::try_from(number).unwrap_or_default();
        (day + own).rem_euclid(7) >= DAYS_A_WEEK
    }

    /// Goes on with whatever is due first, as long as the day's time allows.
    pub(super) fn work(&mut self, number: usize) -> Result<(), Stop> {
        let today = self.now.div_euclid(DAY);
        let a_day = i64::from(self.person(number)?.weekly_minutes) / DAYS_A_WEEK;
        let someone = self.someone(number)?;
        someone.is_at_work = false;
        if !someone.is_there {
            return Ok(());
        }
        if someone.left_of_day.0 != today {
            someone.left_of_day = (today, a_day.max(1));
        }
        let (person, left_of_day) = (someone.person, someone.left_of_day.1);
        let Some(mine) = self.next_to_do(person)? else {
            return Ok(());
        };
        if left_of_day == 0 {
            self.sit_down(number);
            return Ok(());
        }
        if matches!(mine.state, UnitState::Claimed | UnitState::Returned) {
            self.town.stage.act(person, |tx| claims::start(tx, mine.unit))?;
        }
        let takes = self.takes(number, &mine.label, mine.unit_minutes, mine.feedback.is_some());
        let someone = self.someone(number)?;
        someone.is_at_work = true;
        let left = someone.left_of_unit.entry(mine.unit).or_insert(takes);
        let now = (*left).min(left_of_day);
        *left -= now;
        let is_done = *left == 0;
        someone.left_of_day.1 -= now;
        let what =
            if is_done { Happening::HandIn(number, mine.unit) } else { Happening::Save(number, mine.unit) };
        self.enter(self.now + now, what);
        Ok(())
    }

    /// What is due first of what somebody has in hand and does not wait for another reviewer's word.
    fn next_to_do(&self, person: PersonId) -> Result<Option<MyUnit>, Stop> {
        let list = |most| {
            let page =
                self.town.stage.act(person, |tx| claims::mine(tx, Mine::ToDo, &Paging::first(most)))?;
            Ok::<_, Stop>(page.items)
        };
        let first = list(1)?;
        let found = if first.iter().any(|one| one.appealed) { list(100)? } else { first };
        Ok(found.into_iter().find(|one| !one.appealed))
    }

    fn takes(&self, number: usize, label: &str, minutes: i32, is_mended: bool) -> i64 {
        let pace = self.scenario.people.get(number).map_or(1.0, |person| person.pace);
        let part = if is_mended { MENDING } else { 1.0 };
        let varies = self.chance.about_one(&format!("takes {number} {label}"));
        #[expect(clippy::cast_possible_truncation, reason = "at most fifty hours")]
        let takes = (f64::from(minutes) * pace * part * varies).round() as i64;
        takes.max(1)
    }

    /// What is half done stays as a draft, which is a sign of life.
    pub(super) fn save(&mut self, number: usize, unit: UnitId) -> Result<(), Stop> {
        let someone = self.someone(number)?;
        let (person, is_there) = (someone.person, someone.is_there);
        someone.is_at_work = false;
        if !is_there {
            return Ok(());
        }
        let input = DraftInput {
            result_text: "ここまで".into(),
            saved_in: "simulation".into(),
            ..DraftInput::default()
        };
        // Taken back meanwhile, it is nobody's draft any more.
        let saved = self.try_as(person, |tx| drafts::save(tx, unit, &input).map(|_saved| ()));
        if let Err(DraftError::Db(error)) = saved {
            return Err(Stop::failed(error));
        }
        self.sit_down(number);
        Ok(())
    }

    pub(super) fn hand_in(&mut self, number: usize, unit: UnitId) -> Result<(), Stop> {
        let someone = self.someone(number)?;
        someone.is_at_work = false;
        let (person, is_there) = (someone.person, someone.is_there);
        if !is_there {
            return Ok(());
        }
        someone.left_of_unit.remove(&unit);
        let submitted = self.try_as(person, |tx| {
            let saved = drafts::find(tx, unit)?.map_or(0, |draft| draft.version);
            let number = submissions::of_unit(tx, unit)?.len() + 1;
            let input = SubmitInput {
                result_text: format!("できました（{number}版）").into(),
                draft_version: saved.to_string().into(),
                ..SubmitInput::default()
            };
            submissions::submit(tx, unit, input)
        });
        match submitted {
            Ok(version) => {
                if version.number == 1 {
                    self.note_receipt(unit)?;
                }
                self.makers.insert(version.id, number);
            }
            Err(SubmitError::Db(error)) => return Err(Stop::failed(error)),
            // The unit went on to somebody else meanwhile.
            Err(refused) => {
                log::debug!("{unit}: {refused}");
                self.outcome.refused += 1;
            }
        }
        self.go_on(number)
    }

    /// With something left to do, the next unit at once; else a look at what else there is.
    fn go_on(&mut self, number: usize) -> Result<(), Stop> {
        let person = self.someone(number)?.person;
        if self.next_to_do(person)?.is_none() {
            self.enter(self.now + 5, Happening::Look(number));
            return Ok(());
        }
        self.someone(number)?.is_at_work = true;
        self.enter(self.now + 1, Happening::Work(number));
        Ok(())
    }
}

/// Takes so many units of a job as its page does: under the terms that it shows.
pub(super) fn claim(
    tx: &mut db::Tx<'_>,
    (job, worker): (JobId, WorkerId),
    count: i64,
) -> Result<Claimed, ClaimError> {
    let shown = terms::preview(tx, job, worker, count, Language::Ja)?;
    let input = ClaimInput {
        count: count.to_string().into(),
        terms_sha256: shown.sha256.to_string().into(),
        language: Language::Ja.as_str().into(),
    };
    claims::claim(tx, job, input)
}

/// So many minutes later, of which only those count in which people are awake.
fn awake_after(from: i64, minutes: i64) -> i64 {
    let (mut at, mut left) = (from, minutes.max(1));
    loop {
        let (begins, ends) = (at.div_euclid(DAY) * DAY + WAKES, at.div_euclid(DAY) * DAY + SLEEPS);
        at = at.max(begins);
        if at + left < ends {
            return at + left;
        }
        left -= (ends - at).max(0);
        at = begins - WAKES + DAY;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_answers_by_night() {
        assert_eq!(awake_after(9 * HOUR, 30), 9 * HOUR + 30);
        assert_eq!(awake_after(20 * HOUR, 2 * HOUR), DAY + 9 * HOUR);
        assert_eq!(awake_after(23 * HOUR, HOUR), DAY + 9 * HOUR);
        assert_eq!(awake_after(3 * HOUR, HOUR), 9 * HOUR);
        assert_eq!(awake_after(9 * HOUR, 30 * HOUR), 2 * DAY + 13 * HOUR);
    }
}
