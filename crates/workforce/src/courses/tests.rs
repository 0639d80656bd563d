//! Courses against a real database.

use std::thread;

use db::testing::TestDb;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{OrganizationId, Paging};
use proptest::collection;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::skills::{GrantInput, SkillId, SkillInput};
use crate::testing::Clock;
use crate::workers::RegisterInput;

struct Town {
    db: TestDb,
    id: OrganizationId,
    lead: PersonId,
    clock: Clock,
}

impl Town {
    fn new() -> Self {
        let db = TestDb::new();
        let id = db.town("tateshina");
        let lead = db.person(id, "Coordinator", &["coordinator"]);
        let clock = Clock::of(&db, "2026-11-26T03:00:00Z");
        Self { db, id, lead, clock }
    }

    fn on(&self, now: &str) {
        self.clock.set(now);
    }

    fn act<T, E: From<DbError> + std::fmt::Debug>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> T {
        self.try_to(work).unwrap()
    }

    fn try_to<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.db.acting(self.id, self.lead, work)
    }

    fn worker(&self, name: &str) -> WorkerId {
        let person = self.db.person(self.id, name, &["worker"]);
        self.act(|tx| workers::register(tx, person, RegisterInput::default())).id
    }

    fn skill(&self) -> SkillId {
        self.act(|tx| skills::add(tx, SkillInput { name: "文字起こし".into() })).id
    }

    fn course(&self, input: &CourseInput) -> Course {
        self.act(|tx| add(tx, input))
    }

    /// How many were told that they have a seat.
    fn booked(&self) -> i64 {
        diesel::select(sql::<BigInt>("(SELECT count(*) FROM events WHERE kind = 'course.booked')"))
            .get_result(&mut self.db.owner())
            .unwrap()
    }

    fn seat(&self, course: CourseId, worker: WorkerId) -> EnrolmentId {
        let all = self.act(|tx| enrolments(tx, course, &Paging::first(100))).items;
        all.into_iter().find(|one| one.worker_id == worker).unwrap().id
    }
}

fn with_seats(seats: &str) -> CourseInput {
    CourseInput {
        title: "文字起こし入門".into(),
        seats: seats.into(),
        way: "hall".into(),
        days: vec![
            CourseDayInput { day: "2026-12-10".into(), from: "10:00".into(), until: "12:00".into() },
            CourseDayInput { day: "2026-12-11".into(), from: "10:00".into(), until: "12:00".into() },
        ],
        ..CourseInput::default()
    }
}

fn to(state: &str) -> SeatInput {
    SeatInput { state: state.into() }
}

#[test]
fn two_who_want_the_last_seat_at_once_do_not_both_get_it() {
    let town = Town::new();
    let (aoki, baba) = (town.worker("Aoki"), town.worker("Baba"));
    let course = town.course(&with_seats("1")).id;
    let later = thread::scope(|threads| {
        let slower = town
            .try_to(|tx| -> Result<_, CourseError> {
                enrol(tx, course, aoki)?;
                Ok(town.db.meanwhile(threads, || town.try_to(|tx| enrol(tx, course, baba))))
            })
            .unwrap();
        slower.join().unwrap()
    });
    assert_eq!(later.unwrap_err().code(), Code::SeatsTaken);
    let course = town.act(|tx| find(tx, course));
    assert_eq!((course.taken, course.free()), (1, 0));
}

#[test]
fn whoever_completes_a_course_can_do_what_it_teaches_at_once() {
    let town = Town::new();
    let (aoki, master, skill) = (town.worker("Aoki"), town.worker("Baba"), town.skill());
    let good = GrantInput { level: "3".into(), ..GrantInput::default() };
    town.act(|tx| skills::grant(tx, master, skill, good));
    let course = town
        .course(&CourseInput {
            skill_id: skill.to_string().into(),
            level: "2".into(),
            valid_months: "24".into(),
            ..with_seats("5")
        })
        .id;
    for worker in [aoki, master] {
        town.act(|tx| enrol(tx, course, worker));
    }
    let early = town.try_to(|tx| note(tx, town.seat(course, aoki), &to("completed"))).unwrap_err();
    assert!(matches!(early, CourseError::NotYet));
    town.on("2026-12-11T04:00:00Z");
    for worker in [aoki, master] {
        let seat = town.seat(course, worker);
        assert_eq!(town.act(|tx| note(tx, seat, &to("attended"))).state, EnrolmentState::Attended);
        let learner = town.act(|tx| workers::find(tx, worker)).person_id;
        let own = town.db.acting(town.id, learner, |tx| note(tx, seat, &to("completed"))).unwrap_err();
        assert!(matches!(own, CourseError::OwnSkill));
        assert_eq!(town.act(|tx| note(tx, seat, &to("completed"))).state, EnrolmentState::Completed);
        let undone = town.try_to(|tx| note(tx, seat, &to("absent"))).unwrap_err();
        assert!(matches!(undone, CourseError::Refused), "the skill is granted");
    }
    assert_eq!(town.act(|tx| took_part(tx, &[course])).get(&course), Some(&2));
    let has = |worker| town.act(|tx| skills::of_worker(tx, worker)).remove(0);
    let learned = has(aoki);
    assert_eq!((learned.level, learned.evidence), (2, Evidence::Training));
    assert_eq!(learned.expires_on, Some("2028-12-11".parse().unwrap()));
    assert_eq!((learned.evidence_note.as_str(), learned.confirmed_by), ("文字起こし入門", Some(town.lead)));
    assert_eq!(has(master).level, 3, "nobody can do less for having learned");
}

#[test]
fn a_seat_given_back_is_free_and_days_stay_once_somebody_has_one() {
    let town = Town::new();
    let (aoki, baba) = (town.worker("Aoki"), town.worker("Baba"));
    let course = town.course(&with_seats("1"));
    town.act(|tx| enrol(tx, course.id, aoki));
    town.act(|tx| enrol(tx, course.id, aoki));
    assert_eq!(town.act(|tx| find(tx, course.id)).taken, 1, "asked twice, one seat");
    let mut moved = with_seats("2");
    moved.days.pop();
    let refused = town.try_to(|tx| change(tx, course.id, course.version, &moved)).unwrap_err();
    assert!(matches!(refused, CourseError::DaysStay));
    let wider = town.act(|tx| change(tx, course.id, course.version, &with_seats("3")));
    town.act(|tx| enrol(tx, course.id, baba));
    let narrow = town.try_to(|tx| change(tx, course.id, wider.version, &with_seats("1"))).unwrap_err();
    assert_eq!(narrow.fields()[0].field, "seats");
    town.act(|tx| leave(tx, course.id, aoki));
    assert_eq!(town.act(|tx| find(tx, course.id)).taken, 1);
    assert_eq!(town.act(|tx| of_worker(tx, aoki, &Paging::first(5))).items.len(), 0);
    let off = town.act(|tx| call_off(tx, course.id, wider.version));
    assert_eq!(off.state, CourseState::CalledOff);
    let late = town.try_to(|tx| enrol(tx, course.id, aoki)).unwrap_err();
    assert!(matches!(late, CourseError::Closed));
}

#[test]
fn whoever_comes_without_a_seat_gets_one_while_seats_are_free() {
    let town = Town::new();
    let (aoki, baba, chiba) = (town.worker("Aoki"), town.worker("Baba"), town.worker("Chiba"));
    let course = town.course(&with_seats("2")).id;
    town.act(|tx| admit(tx, course, aoki));
    assert_eq!(town.booked(), 1, "booked before it begins");
    town.on("2026-12-11T04:00:00Z");
    assert!(matches!(town.try_to(|tx| enrol(tx, course, baba)).unwrap_err(), CourseError::Closed));
    assert_eq!(town.act(|tx| admit(tx, course, baba)).taken, 2);
    assert_eq!(town.booked(), 1, "who is there is not told that they have a seat");
    let full = town.try_to(|tx| admit(tx, course, chiba)).unwrap_err();
    assert_eq!(full.code(), Code::SeatsTaken);
    let seat = town.seat(course, baba);
    assert_eq!(town.act(|tx| note(tx, seat, &to("attended"))).state, EnrolmentState::Attended);
    assert!(matches!(town.try_to(|tx| admit(tx, course, baba)).unwrap_err(), CourseError::Refused));
}

#[test]
fn whoever_has_a_seat_is_reminded_once_on_the_day_before() {
    let town = Town::new();
    let aoki = town.worker("Aoki");
    let course = town.course(&with_seats("3")).id;
    town.act(|tx| enrol(tx, course, aoki));
    let reminded = |now: &str| {
        town.on(now);
        town.act(remind)
    };
    assert_eq!(reminded("2026-12-08T14:59:00Z"), 0, "two days before, a minute before midnight in Japan");
    assert_eq!((reminded("2026-12-08T15:00:00Z"), reminded("2026-12-08T15:05:00Z")), (1, 0));
}

#[test]
fn whatever_happens_seats_taken_are_those_who_have_one() {
    let town = Town::new();
    let workers: Vec<_> = (0..5).map(|number| town.worker(&format!("Worker{number}"))).collect();
    let mut runner = TestRunner::new(Config { cases: 10, failure_persistence: None, ..Config::default() });
    let moves = collection::vec((0..workers.len(), 0..6usize), 1..40);
    let outcome = runner.run(&moves, |moves| {
        town.on("2026-11-26T03:00:00Z");
        let course = town.course(&with_seats("3")).id;
        for (who, what) in moves {
            let worker = workers[who];
            let words = ["attended", "absent", "completed", "left"];
            let _refused_or_not = town.try_to(|tx| -> Result<(), CourseError> {
                match what {
                    0 => enrol(tx, course, worker).map(|_| ()),
                    1 => leave(tx, course, worker).map(|_| ()),
                    other => {
                        let seats = enrolments(tx, course, &Paging::first(100))?.items;
                        let seat = seats.into_iter().find(|one| one.worker_id == worker);
                        let seat = seat.ok_or(CourseError::Refused)?;
                        note(tx, seat.id, &to(words[other - 2])).map(|_| ())
                    }
                }
            });
            if what == 5 && who == 0 {
                town.on("2026-12-10T03:00:00Z");
            }
        }
        let seats = town.act(|tx| enrolments(tx, course, &Paging::first(100))).items;
        let held = seats.iter().filter(|one| one.state != EnrolmentState::Left).count();
        let course = town.act(|tx| find(tx, course));
        prop_assert_eq!(usize::try_from(course.taken).unwrap(), held, "{:?}", seats);
        prop_assert!(course.taken <= course.seats);
        Ok(())
    });
    outcome.unwrap();
}
