//! Claims against a real database: the race, the terms, the hours, handing back.

mod keeping;

use std::sync::Barrier;

use chrono::Duration;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use kernel::{Code, Coded, Language, Paging};

use super::*;
use crate::events::{JobExtended, UnitHandedBack, UnitPassed, UnitTakenBack, UnitsClaimed};
use crate::jobs::JobInput;
use crate::reviews;
use crate::terms::TermsDigest;
use crate::testing::{Town, called_off, changed_specification, returned};
use workforce::workers::{HoursInput, StepInput};

#[test]
fn two_workers_racing_for_one_unit_never_both_win() {
    const ROUNDS: usize = 200;
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let order = town.order(1000);
    // A week holds all of them.
    let one_minute = || JobInput { unit_minutes: "1".into(), ..town.job_input(1) };
    let offered = |tx: &mut Tx<'_>| {
        let job = jobs::split(tx, order.id, one_minute())?;
        jobs::offer(tx, job.id).map(|offered| offered.job.id)
    };
    let jobs: Vec<_> = (0..ROUNDS).map(|_| town.act(town.director, offered)).collect();
    let input = town.informed(aoki, jobs[0], 1);
    let other = town.informed(baba, jobs[0], 1);
    let gate = Barrier::new(2);
    // Nothing in here may panic: the other one would wait at the gate for ever.
    let race = |person, input: &ClaimInput| -> Vec<Result<(), Code>> {
        let claim_one = |job: &JobId| {
            gate.wait();
            let claimed = town.attempt(person, |tx| claim(tx, *job, input.clone()));
            claimed.map(drop).map_err(|error| error.code())
        };
        jobs.iter().map(claim_one).collect()
    };
    let (first, second) = std::thread::scope(|scope| {
        let first = scope.spawn(|| race(aoki, &input));
        let second = scope.spawn(|| race(baba, &other));
        (first.join().unwrap(), second.join().unwrap())
    });
    for (round, pair) in first.into_iter().zip(second).enumerate() {
        let one = matches!(pair, (Ok(()), Err(Code::UnitTaken)) | (Err(Code::UnitTaken), Ok(())));
        assert!(one, "round {round}: {pair:?}");
    }
    let live: i64 = crate::schema::assignments::table
        .filter(crate::schema::assignments::ended_at.is_null())
        .count()
        .get_result(&mut town.db.owner())
        .unwrap();
    assert_eq!(live, 200);
}

#[test]
fn a_claim_needs_exactly_the_terms_that_will_be_frozen() {
    let town = Town::new();
    let (person, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 3);
    let informed = town.informed(person, job.id, 2);
    let unread = ClaimInput { terms_sha256: "".into(), ..informed.clone() };
    let forged = ClaimInput { terms_sha256: TermsDigest::of("x").to_string().into(), ..informed.clone() };
    let more = ClaimInput { count: "3".into(), ..informed.clone() };
    let english = ClaimInput { language: "en".into(), ..informed.clone() };
    for input in [unread, forged, more, english] {
        let refused = town.attempt(person, |tx| claim(tx, job.id, input)).unwrap_err();
        assert_eq!(refused.code(), Code::TermsNotAccepted);
    }
    town.wait(Duration::days(1));
    let refused = town.attempt(person, |tx| claim(tx, job.id, informed)).unwrap_err();
    assert_eq!(refused.code(), Code::TermsNotAccepted, "the day of the order is part of the terms");
    let claimed = town.claims(person, job.id, 2);
    assert_eq!((claimed.units.len(), claimed.assignments.len()), (2, 2));
    let told = town.facts::<UnitsClaimed>();
    assert_eq!((told.len(), told[0].terms_notice, told[0].person), (1, claimed.terms_notice, person));
}

#[test]
fn a_week_holds_only_the_hours_its_worker_set() {
    let town = Town::new();
    let (person, id) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 10);
    town.act(person, |tx| {
        workforce::workers::set_weekly_minutes(tx, id, 3, HoursInput { weekly_minutes: "60".into() })
    });
    let four = town.informed(person, job.id, 4);
    match town.attempt(person, |tx| claim(tx, job.id, four)) {
        Err(ClaimError::NoHours { free_minutes }) => assert_eq!(free_minutes, 60),
        other => panic!("expected NoHours, got {other:?}"),
    }
    let units = town.claims(person, job.id, 3).units;
    let free = || {
        let worker = town.act(person, |tx| workforce::workers::find(tx, id));
        town.act(person, |tx| free_minutes(tx, &worker))
    };
    assert_eq!(free(), 0);
    let version = town.hands_in(person, units[0]);
    assert_eq!(free(), 0, "handed in, its minutes are done");
    town.act(town.checker, |tx| reviews::decide(tx, version.id, returned("typo")));
    assert_eq!(free(), 0, "sent back, they are promised again, and only that");
    town.act(person, |tx| hand_back(tx, units[1]));
    assert_eq!(free(), 20);
    let again = town.hands_in(person, units[0]);
    assert_eq!(free(), 20, "handed in again, they are done once");
    town.passes(&again);
    assert_eq!(free(), 20);
    // The first of May 2026 is a Friday; on Monday another week begins.
    town.wait(Duration::days(2));
    assert_eq!(free(), 20);
    town.wait(Duration::days(1));
    assert_eq!(free(), 40, "one unit is still to do");
}

#[test]
fn a_weeks_limit_holds_however_often_work_is_handed_in() {
    let town = Town::new();
    let (person, id) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 10);
    town.act(person, |tx| {
        workforce::workers::set_weekly_minutes(tx, id, 3, HoursInput { weekly_minutes: "60".into() })
    });
    let mut taken = 0;
    for _ in 0..5 {
        let one = town.informed(person, job.id, 1);
        match town.attempt(person, |tx| claim(tx, job.id, one)) {
            Ok(claimed) => {
                taken += 1;
                town.hands_in(person, claimed.units[0]);
            }
            Err(error) => assert_eq!(error.code(), Code::NoHours),
        }
    }
    assert_eq!(taken, 3);
    // Everything that says how much time there is says the same.
    let fitting = |tx: &mut Tx<'_>| {
        let card = offers::fitting(tx, id, &Paging::first(10))?.items.pop();
        Ok::<_, DbError>(card.map(|card| (card.fitting_units, card.free_minutes_until_due)))
    };
    assert_eq!(town.act(person, fitting), Some((0, 120)), "two weeks begin until its day");
    let status = |tx: &mut Tx<'_>| {
        let order = orders::find(tx, job.order_id)?;
        orders::status(tx, order)
    };
    let hours = town.act(town.director, status).hours;
    assert_eq!(
        (hours.open_minutes, hours.free_minutes),
        (140, 480),
        "eight weeks begin until the order's day"
    );
    town.wait(Duration::days(3));
    town.claims(person, job.id, 3);
}

#[test]
fn fewer_units_than_asked_for_are_refused_and_none_is_taken() {
    let town = Town::new();
    let (person, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 2);
    let three = town.informed(person, job.id, 3);
    match town.attempt(person, |tx| claim(tx, job.id, three)) {
        Err(ClaimError::Taken { left }) => assert_eq!(left, 2),
        other => panic!("expected Taken, got {other:?}"),
    }
    assert_eq!(town.states(job.id), [UnitState::Offered; 2]);
}

#[derive(QueryableByName)]
struct Read {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    rows: i64,
}

/// In a long job most of what comes first is gone, and what the server knows of its rows is some hours old.
#[test]
fn the_next_unit_is_found_without_walking_over_those_that_are_gone() {
    let town = Town::new();
    let (person, _) = town.worker("Aoki");
    let (faster, _) = town.worker("Baba");
    let owner = &mut town.db.owner();
    // The numbers that plans are made with are those from before: nobody else counts meanwhile.
    owner.batch_execute("ALTER TABLE units SET (autovacuum_enabled = off)").unwrap();
    let job = town.job(town.order(1000).id, 3_100);
    let informed = town.informed(person, job.id, 1);
    owner.batch_execute("ANALYZE").unwrap();
    diesel::sql_query("UPDATE units SET state = 'claimed', holder_id = $1 WHERE position <= 3000")
        .bind::<diesel::sql_types::BigInt, _>(faster)
        .execute(owner)
        .unwrap();
    let read: Read = town.act(person, |tx| {
        claim(tx, job.id, informed)?;
        let read = diesel::sql_query(
            "SELECT seq_tup_read + idx_tup_fetch AS rows FROM pg_stat_xact_user_tables WHERE relname = 'units'",
        );
        Ok::<_, ClaimError>(read.get_result(tx.conn()).map_err(DbError::from)?)
    });
    assert!(read.rows < 100, "{} rows read for one", read.rows);
}

#[test]
fn only_whom_the_job_was_offered_to_and_fits_may_claim_it() {
    let town = Town::new();
    let (person, id) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 2);
    let (late, _) = town.worker("Baba");
    let code = |person| {
        let input = town.informed(person, job.id, 1);
        town.attempt(person, |tx| claim(tx, job.id, input)).unwrap_err().code()
    };
    assert_eq!(code(late), Code::NotEligible, "came after the offer");
    town.act(person, |tx| workforce::workers::pause(tx, id, StepInput::default()));
    assert_eq!(code(person), Code::NotEligible, "rests");
    let no_worker = town.attempt(town.director, |tx| claim(tx, job.id, ClaimInput::default())).unwrap_err();
    assert_eq!(no_worker.fields()[0].field, "count");
    town.act(person, |tx| workforce::workers::activate(tx, id, StepInput::default()));
    town.wait(Duration::days(15));
    assert_eq!(code(person), Code::NotOpen, "the day has passed");
}

#[test]
fn handing_back_leaves_no_mark_and_the_next_one_takes_over() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(aoki, job.id, 1).units[0];
    let foreign = town.attempt(baba, |tx| start(tx, unit)).unwrap_err();
    assert_eq!(foreign.code(), Code::UnitTaken);
    town.act(aoki, |tx| start(tx, unit));
    town.act(aoki, |tx| pause(tx, unit));
    assert_eq!(town.attempt(aoki, |tx| pause(tx, unit)).unwrap_err().code(), Code::Conflict);
    town.act(aoki, |tx| resume(tx, unit));
    let back = town.act(aoki, |tx| hand_back(tx, unit));
    assert_eq!((back.state, back.holder_id), (UnitState::Offered, None));
    let heard = town.facts::<UnitHandedBack>();
    assert_eq!((heard.len(), heard[0].unit, heard[0].person), (1, unit, aoki));
    assert_eq!((heard[0].job, heard[0].due_on), (job.id, job.work_due_on));
    assert_eq!(town.claims(baba, job.id, 1).units, [unit]);
    let note = TakeBackInput { note: "急ぎのため、ほかの方にお願いします。".into() };
    let taken = town.act(town.director, |tx| take_back(tx, unit, note));
    assert_eq!(taken.state, UnitState::Offered);
    let told = town.facts::<UnitTakenBack>();
    assert_eq!((told.len(), told[0].person, told[0].unit), (1, baba, unit));
    assert_eq!((told[0].label.as_str(), told[0].job_title.as_str()), ("回答の入力 1", "回答の入力"));
    assert_eq!(told[0].order_title, "アンケート入力 1");
    assert_eq!(told[0].note, "急ぎのため、ほかの方にお願いします。");
    let again = town.attempt(town.director, |tx| take_back(tx, unit, TakeBackInput::default()));
    assert_eq!(again.unwrap_err().code(), Code::Conflict);
    assert_eq!(town.facts::<UnitTakenBack>().len(), 1, "what was refused is no fact");
    let kinds: Vec<String> = crate::schema::assignments::table
        .order(crate::schema::assignments::id)
        .select(crate::schema::assignments::end_kind.assume_not_null())
        .load(&mut town.db.owner())
        .unwrap();
    assert_eq!(kinds, ["handed_back", "taken_back"]);
}

#[test]
fn a_worker_sees_their_own_units_with_terms_and_feedback() {
    let town = Town::new();
    let (person, _) = town.worker("Aoki");
    let (stranger, _) = town.worker("Baba");
    let job = town.job(town.order(1000).id, 4);
    let claimed = town.claims(person, job.id, 4);
    let version = town.hands_in(person, claimed.units[0]);
    town.act(town.checker, |tx| reviews::decide(tx, version.id, returned("missing")));
    town.hands_in(person, claimed.units[1]);
    town.act(town.director, |tx| units::cancel(tx, claimed.units[2], called_off("client", "10")));
    let list = |part| town.act(person, |tx| mine(tx, part, &Paging::first(10))).items;
    let to_do = list(Mine::ToDo);
    let ids: Vec<_> = to_do.iter().map(|unit| unit.unit).collect();
    assert_eq!(ids, [claimed.units[0], claimed.units[3]]);
    assert_eq!(to_do[0].feedback.as_ref().unwrap().comment, "3行目を見直してください。");
    assert_eq!((to_do[1].terms_notice, to_do[1].feedback.is_none()), (Some(claimed.terms_notice), true));
    assert_eq!((list(Mine::Waiting).len(), list(Mine::Over).len()), (1, 1));
    let first = town.act(person, |tx| mine(tx, Mine::ToDo, &Paging::first(1)));
    assert_eq!(first.next, Some(MineKey(to_do[0].work_due_on, claimed.units[0])));
    let rest = Paging { after: first.next, ..Paging::first(5) };
    let rest = town.act(person, |tx| mine(tx, Mine::ToDo, &rest)).items;
    assert_eq!(rest.iter().map(|unit| unit.unit).collect::<Vec<_>>(), [claimed.units[3]]);
    let hidden = town.attempt(stranger, |tx| find_mine(tx, claimed.units[0])).unwrap_err();
    assert_eq!(hidden.code(), Code::NotFound);
}

#[test]
fn what_is_due_first_leads_the_list_whatever_its_number_and_the_newest_of_what_is_over() {
    let town = Town::new();
    let (person, _) = town.worker("Aoki");
    let order = town.order(100_000).id;
    let due_in = |days: u64| {
        let input = JobInput { work_due_on: town.day(days).to_string().into(), ..town.job_input(1) };
        let job = town.act(town.director, |tx| {
            let job = jobs::split(tx, order, input)?;
            jobs::offer(tx, job.id).map(|offered| offered.job)
        });
        town.claims(person, job.id, 1).units[0]
    };
    let (far, soon, middle) = (due_in(30), due_in(5), due_in(12));
    let walk = |part| {
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let paging = Paging { after, ..Paging::first(1) };
            let page = town.act(person, |tx| mine(tx, part, &paging));
            seen.extend(page.items.into_iter().map(|unit| unit.unit));
            after = page.next;
            if after.is_none() {
                return seen;
            }
        }
    };
    assert_eq!(walk(Mine::ToDo), [soon, middle, far]);
    for unit in [soon, middle, far] {
        town.act(town.director, |tx| units::cancel(tx, unit, called_off("client", "10")));
    }
    assert_eq!(walk(Mine::Over), [far, middle, soon]);
}

#[test]
fn who_hands_in_early_is_paid_within_sixty_days_of_that() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let order = town.order(100_000);
    let input = JobInput { work_due_on: town.day(59).to_string().into(), ..town.job_input(2) };
    let job = town.act(town.director, |tx| {
        let job = jobs::split(tx, order.id, input)?;
        jobs::offer(tx, job.id).map(|offered| offered.job)
    });
    let units = town.claims(aoki, job.id, 2).units;
    let early = town.hands_in(aoki, units[0]);
    town.wait(Duration::days(40));
    town.passes(&early);
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let mine = |unit| town.act(aoki, |tx| find_mine(tx, unit));
    assert_eq!(
        (mine(units[0]).received_on, mine(units[0]).pay_on),
        (Some(day("2026-05-01")), day("2026-06-25"))
    );
    assert_eq!(town.facts::<UnitPassed>()[0].pay_on, day("2026-06-25"));
    assert_eq!(
        (mine(units[1]).received_on, mine(units[1]).pay_on),
        (None, day("2026-07-24")),
        "if it came today"
    );
}

#[test]
fn payment_counts_from_the_version_that_was_not_refused_through_ones_own_fault() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 1);
    let unit = town.claims(aoki, job.id, 1).units[0];
    let received = || town.act(aoki, |tx| find_mine(tx, unit)).received_on;
    let first = town.hands_in(aoki, unit);
    let changed = changed_specification();
    let first_day = town.day(0);
    town.act(town.checker, |tx| reviews::decide(tx, first.id, changed));
    town.wait(Duration::days(2));
    let second = town.hands_in(aoki, unit);
    assert_eq!(received(), Some(first_day), "the town changed its mind: the first day counts");
    town.act(town.checker, |tx| reviews::decide(tx, second.id, returned("typo")));
    assert_eq!(received(), None);
    town.wait(Duration::days(2));
    town.hands_in(aoki, unit);
    assert_eq!(received(), Some(town.day(0)));
}

#[test]
fn a_moved_deadline_holds_for_those_who_accept_it() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(100_000).id, 3);
    let claimed = town.claims(aoki, job.id, 2);
    let bound = town.claims(baba, job.id, 1).units[0];
    let later = jobs::ExtendInput { work_due_on: town.day(20).to_string().into(), note: "".into() };
    let extended = town.act(town.director, |tx| jobs::extend(tx, job.id, later));
    assert_eq!(town.facts::<JobExtended>()[0].people, [aoki, baba]);
    let mine = |person, unit| town.act(person, |tx| find_mine(tx, unit));
    let before = mine(aoki, claimed.units[0]);
    assert_eq!((before.work_due_on, before.moved_to), (town.day(14), Some(town.day(20))));
    let shown = town.act(aoki, |tx| extension(tx, job.id, Language::Ja));
    assert_eq!((shown.units.len(), shown.from, shown.terms.units), (2, town.day(14), 2));
    assert!(shown.terms.body.contains("納期を改める"));
    let unread = AcceptInput { terms_sha256: "00".into(), language: "ja".into() };
    let refused = town.attempt(aoki, |tx| accept_extension(tx, job.id, unread)).unwrap_err();
    assert_eq!(refused.code(), Code::TermsNotAccepted);
    let read = AcceptInput { terms_sha256: shown.terms.sha256.to_string().into(), language: "ja".into() };
    let accepted = town.act(aoki, |tx| accept_extension(tx, job.id, read.clone()));
    assert_eq!((accepted.due_on, &accepted.units), (extended.work_due_on, &claimed.units));
    let after = mine(aoki, claimed.units[0]);
    assert_eq!((after.work_due_on, after.moved_to), (town.day(20), None));
    assert_eq!(after.terms_notice, Some(accepted.terms_notice));
    let notice = town.act(aoki, |tx| terms::find(tx, claimed.terms_notice));
    assert!(!notice.body.contains("納期を改める"), "the terms before stay as they were");
    let twice = town.attempt(aoki, |tx| accept_extension(tx, job.id, read)).unwrap_err();
    assert_eq!(twice.code(), Code::Conflict);
    assert_eq!(mine(baba, bound).work_due_on, town.day(14), "who says nothing keeps the old terms");
    town.act(baba, |tx| hand_back(tx, bound));
    assert_eq!(town.claims(aoki, job.id, 1).due_on, town.day(20), "and may hand back without a mark");
}

#[test]
fn a_moved_deadline_accepted_twice_at_once_gives_one_notice() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let gate = Barrier::new(2);
    for _ in 0..20 {
        let job = town.job(town.order(1000).id, 1);
        let unit = town.claims(aoki, job.id, 1).units[0];
        let later = jobs::ExtendInput { work_due_on: town.day(20).to_string().into(), note: "".into() };
        town.act(town.director, |tx| jobs::extend(tx, job.id, later));
        let shown = town.act(aoki, |tx| extension(tx, job.id, Language::Ja));
        let read = AcceptInput { terms_sha256: shown.terms.sha256.to_string().into(), language: "ja".into() };
        let accept = || {
            gate.wait();
            town.attempt(aoki, |tx| accept_extension(tx, job.id, read.clone())).is_ok()
        };
        let both = std::thread::scope(|scope| {
            let (first, second) = (scope.spawn(accept), scope.spawn(accept));
            [first.join().unwrap(), second.join().unwrap()]
        });
        assert_eq!(both.iter().filter(|accepted| **accepted).count(), 1);
        town.act(aoki, |tx| hand_back(tx, unit));
    }
}

#[test]
fn all_units_of_a_job_of_which_nothing_was_handed_in_are_given_back_at_once_and_told_of_once() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let order = town.order(10_000).id;
    let (job, other) = (town.job(order, 45), town.job(order, 1));
    let mine = town.claims(aoki, job.id, 42).units;
    let theirs = town.claims(baba, job.id, 3).units;
    let elsewhere = town.claims(aoki, other.id, 1).units[0];
    let returned_one = town.hands_in(aoki, mine[0]);
    town.act(town.checker, |tx| reviews::decide(tx, returned_one.id, returned("typo")));
    town.hands_in(aoki, mine[1]);
    town.act(aoki, |tx| start(tx, mine[2]));
    town.act(aoki, |tx| start(tx, mine[3]));
    town.act(aoki, |tx| pause(tx, mine[3]));
    let with = |unit| town.act(aoki, |tx| hand_back_with(tx, unit));
    assert_eq!(with(mine[2]), HandBackWith { units: 40, begun: 1 });
    assert_eq!(with(elsewhere), HandBackWith { units: 1, begun: 0 });
    assert_eq!(
        town.attempt(baba, |tx| hand_back_all(tx, mine[2])).unwrap_err().code(),
        Code::UnitTaken,
        "nobody gives back what others hold"
    );
    let named = town.act(aoki, |tx| hand_back_all(tx, mine[2]));
    assert_eq!((named.id, named.state, named.holder_id), (mine[2], UnitState::Offered, None));
    let states =
        |units: &[UnitId]| -> Vec<UnitState> { units.iter().map(|unit| town.unit(*unit).state).collect() };
    assert_eq!(states(&mine[..2]), [UnitState::Returned, UnitState::Submitted], "what was handed in stays");
    assert!(states(&mine[2..]).iter().all(|state| *state == UnitState::Offered));
    assert!(states(&theirs).iter().all(|state| *state == UnitState::Claimed));
    assert_eq!(town.unit(elsewhere).state, UnitState::Claimed, "another job's stay");
    let heard = town.facts::<UnitHandedBack>();
    assert_eq!((heard.len(), heard[0].unit, heard[0].units), (1, mine[2], 40));
    let late = town.attempt(aoki, |tx| hand_back_all(tx, mine[1])).unwrap_err();
    assert_eq!(late.code(), Code::Conflict, "what waits for its check is not given back");
    assert_eq!(town.claims(baba, job.id, 40).units.len(), 40, "they may be taken again");
    let before = serde_json::json!({
        "unit": 1, "job": 1, "job_title": "入力", "order": 1, "person": 1, "due_on": "2026-05-02"
    });
    let before: UnitHandedBack = serde_json::from_value(before).unwrap();
    assert_eq!(before.units, 1, "what was recorded before reads as one");
}

#[test]
fn a_unit_handed_back_after_its_offers_were_withdrawn_waits_to_be_offered_anew() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 2);
    let unit = town.claims(aoki, job.id, 1).units[0];
    town.act(town.director, |tx| jobs::withdraw(tx, job.id));
    town.act(aoki, |tx| hand_back(tx, unit));
    assert_eq!(town.states(job.id), [UnitState::Draft; 2]);
    town.act(town.director, |tx| jobs::offer(tx, job.id));
    assert_eq!(town.states(job.id), [UnitState::Offered; 2]);
}
