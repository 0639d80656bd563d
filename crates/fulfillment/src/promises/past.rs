//! Reading what was done: who took how long for what, and who was away when.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Nullable};
use kernel::{PersonId, WorkerId};
use workforce::availability;
use workforce::workers;

use super::outcomes;
use super::town::Someone;
use crate::capacity;
use crate::forecast::{Past, Person, Record};

/// How many days of the past are learned from.
const DAYS: i64 = 400;
/// How much of a unit is redone where nobody said how long it took in the end, in hundredths.
const REDONE_PERCENT: i64 = 40;

/// The kind of work that asks for no skill.
pub(super) const NO_SKILL: i64 = 0;

#[derive(QueryableByName)]
struct DoneRow {
    #[diesel(sql_type = BigInt)]
    person_id: PersonId,
    #[diesel(sql_type = Nullable<BigInt>)]
    skill_id: Option<i64>,
    #[diesel(sql_type = Integer)]
    unit_minutes: i32,
    #[diesel(sql_type = BigInt)]
    units: i64,
    #[diesel(sql_type = BigInt)]
    said_units: i64,
    #[diesel(sql_type = BigInt)]
    said_minutes: i64,
    #[diesel(sql_type = BigInt)]
    returned_units: i64,
    #[diesel(sql_type = BigInt)]
    redone_minutes: i64,
    #[diesel(sql_type = Date)]
    given_on: NaiveDate,
    #[diesel(sql_type = Date)]
    handed_in_on: NaiveDate,
    #[diesel(sql_type = Date)]
    passed_on: NaiveDate,
}

/// What everybody made of each job that has passed: from the first claim to the last pass, whether somebody looked at it or the
/// sampling plan let it pass unseen at its receipt. What a maker said a unit took is said
/// of all of it, so the first version's is the work and what later ones say more is redoing.
const DONE: &str = "WITH passed AS ( \
         SELECT DISTINCT ON (d.unit_id) d.* FROM ( \
             SELECT s.unit_id, s.maker_id, s.assignment_id, s.minutes, r.reviewed_at AS passed_at \
             FROM reviews r JOIN submissions s ON s.id = r.submission_id \
             WHERE r.verdict = 'pass' AND r.is_last AND r.reviewed_at >= $1::date::timestamp AT TIME ZONE 'Asia/Tokyo' \
             UNION ALL \
             SELECT s.unit_id, s.maker_id, s.assignment_id, s.minutes, s.submitted_at AS passed_at \
             FROM submissions s JOIN units u ON u.id = s.unit_id \
             WHERE u.passed_basis = 'sampled_out' AND s.submitted_at >= $1::date::timestamp AT TIME ZONE 'Asia/Tokyo') d \
         ORDER BY d.unit_id, d.passed_at DESC) \
     SELECT p.maker_id AS person_id, j.skill_id, j.unit_minutes, count(*) AS units, count(f.minutes) AS said_units, \
         COALESCE(sum(f.minutes), 0)::bigint AS said_minutes, \
         count(*) FILTER (WHERE f.versions > 1) AS returned_units, \
         COALESCE(sum(GREATEST(p.minutes - f.minutes, 0)) FILTER (WHERE f.versions > 1), 0)::bigint AS redone_minutes, \
         min((a.claimed_at AT TIME ZONE 'Asia/Tokyo')::date) AS given_on, \
         max((f.submitted_at AT TIME ZONE 'Asia/Tokyo')::date) AS handed_in_on, \
         max((p.passed_at AT TIME ZONE 'Asia/Tokyo')::date) AS passed_on \
     FROM passed p JOIN units u ON u.id = p.unit_id JOIN jobs j ON j.id = u.job_id \
         JOIN assignments a ON a.id = p.assignment_id \
         JOIN LATERAL (SELECT min(s.submitted_at) AS submitted_at, count(*) AS versions, \
             (array_agg(s.minutes ORDER BY s.number))[1] AS minutes \
             FROM submissions s WHERE s.unit_id = p.unit_id AND s.maker_id = p.maker_id) f ON true \
     GROUP BY p.maker_id, j.id, j.skill_id, j.unit_minutes ORDER BY p.maker_id, j.id";

impl DoneRow {
    fn record(&self) -> Record {
        let unit_minutes = i64::from(self.unit_minutes);
        // What was said of some units stands for all of them.
        let took = (self.said_units > 0).then(|| self.said_minutes * self.units / self.said_units);
        let supposed = self.returned_units * unit_minutes * REDONE_PERCENT / 100;
        let redone = if self.redone_minutes > 0 { self.redone_minutes } else { supposed };
        Record {
            who: self.person_id.0,
            kind: self.skill_id.unwrap_or(NO_SKILL),
            minutes: minutes(self.units * unit_minutes),
            took: took.map(minutes),
            redone: (self.returned_units > 0).then(|| minutes(redone)),
            given_on: self.given_on,
            handed_in_on: self.handed_in_on.max(self.given_on),
            passed_on: self.passed_on.max(self.handed_in_on),
        }
    }
}

/// Whole minutes as the forecast reckons with them; beyond a long lifetime all is the same.
pub(super) fn minutes(count: i64) -> f64 {
    f64::from(i32::try_from(count).unwrap_or(i32::MAX))
}

/// What a town's forecast learns from.
pub(super) fn past(tx: &mut Tx<'_>, people: &[Someone]) -> Result<Past, DbError> {
    let since = crate::today(tx) - TimeDelta::days(DAYS);
    let rows: Vec<DoneRow> = diesel::sql_query(DONE).bind::<Date, _>(since).load(tx.conn())?;
    let spans = workers::active_spans(tx)?;
    let off = availability::days_off_since(tx, since)?;
    let person = |one: &Someone| {
        let began = spans.get(&one.worker).and_then(|spans| spans.spans.first()).map(|(first, _)| *first);
        Person {
            id: one.person.0,
            week: capacity::standing_week(&one.plan, one.weekly_minutes).map(minutes),
            away: away(&off, one.worker),
            since: began.map_or(since, |first| first.max(since)),
        }
    };
    Ok(Past {
        people: people.iter().map(person).collect(),
        records: rows.iter().map(DoneRow::record).collect(),
        kept: outcomes::kept(tx, since)?,
    })
}

/// Times away that nobody knew of before: days off one after another, from one that was said on the day itself.
fn away(off: &BTreeMap<WorkerId, Vec<(NaiveDate, bool)>>, worker: WorkerId) -> Vec<(NaiveDate, NaiveDate)> {
    let mut away: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for (day, told_today) in off.get(&worker).into_iter().flatten() {
        match away.last_mut() {
            Some((_, last)) if last.succ_opt() == Some(*day) => *last = *day,
            _ if *told_today => away.push((*day, *day)),
            _ => {}
        }
    }
    away
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::{self, SamplingInput};
    use crate::testing::Town;
    use crate::units::UnitState;

    #[test]
    fn a_time_away_begins_with_a_day_that_was_told_on_the_day() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let days = [("2026-05-01", false), ("2026-05-02", true), ("2026-05-03", false), ("2026-05-09", true)];
        let off = [(WorkerId(1), days.map(|(text, told)| (day(text), told)).to_vec())].into_iter().collect();
        let found = away(&off, WorkerId(1));
        assert_eq!(found, [(day("2026-05-02"), day("2026-05-03")), (day("2026-05-09"), day("2026-05-09"))]);
        assert!(away(&off, WorkerId(2)).is_empty());
    }

    #[test]
    fn what_passes_unseen_is_work_like_any_other() {
        let town = Town::new();
        let (aoki, _) = town.worker("Aoki");
        let job = town.job(town.order_of(8000, 80).id, 80);
        let plan = SamplingInput {
            based_on: "0".into(),
            rule: "flow".into(),
            clean: "3".into(),
            one_in: "2".into(),
        };
        town.act(town.director, |tx| sampling::change(tx, job.id, &plan));
        let (mut done, mut unseen) = (0, 0);
        for unit in town.claims(aoki, job.id, 80).units {
            let version = town.hands_in(aoki, unit);
            done += 1;
            match town.unit(unit).state {
                UnitState::Submitted => drop(town.passes(&version)),
                _ => unseen += 1,
            }
            town.wait(TimeDelta::minutes(1));
            if unseen == 3 {
                break;
            }
        }
        assert_eq!(unseen, 3, "one in two passes unseen once three were good");
        let past = town.act(town.director, |tx| past(tx, &[]));
        let worked: f64 = past.records.iter().map(|record| record.minutes).sum();
        assert!((worked - minutes(done * i64::from(job.unit_minutes))).abs() < f64::EPSILON, "{worked}");
    }
}
