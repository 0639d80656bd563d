//! Schedules without a leader. The rhythm itself is tested in `periodic::recurrence`.

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use super::*;
use crate::periodic::Ticked;
use crate::{Missed, Recurrence, Schedule};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

impl Bench {
    fn every_morning(&self, missed: Missed) -> Runner {
        let mut registry = self.counting();
        let schedule = Schedule {
            name: "test.morning",
            recurrence: Recurrence::Daily(NaiveTime::from_hms_opt(7, 30, 0).unwrap()),
            zone: Tz::Asia__Tokyo,
            missed,
        };
        let town = self.town;
        registry.periodic(schedule, move |_| Ok(vec![town]), |_tick| Count { by: 1 });
        self.runner(registry)
    }
}

#[test]
fn ten_schedulers_add_each_tick_once() {
    let bench = Bench::new();
    let runners: Vec<Runner> = (0..10).map(|_| bench.every_morning(Missed::Coalesce)).collect();
    let mut ticked: Vec<Ticked> = (0..10).map(|_| Ticked::default()).collect();
    // The first look is not a debt.
    for (runner, ticked) in runners.iter().zip(&mut ticked) {
        assert_eq!(runner.tick(ticked, at("2026-11-24T23:00:00Z")).unwrap(), 0);
    }
    for day in ["2026-11-25T22:30:00Z", "2026-11-26T22:31:00Z"] {
        let added: Vec<i32> = std::thread::scope(|scope| {
            let racing: Vec<_> = runners
                .iter()
                .zip(&mut ticked)
                .map(|(runner, ticked)| scope.spawn(move || runner.tick(ticked, at(day)).unwrap()))
                .collect();
            racing.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(added.iter().sum::<i32>(), 1, "{added:?}");
    }
    assert_eq!(runners[0].run_all().unwrap(), 2);
    assert_eq!(bench.count(), 2);
}

/// A process that stood still: it still believes in the day before yesterday, and nobody has to tell it otherwise.
#[test]
fn a_scheduler_that_comes_back_late_adds_nothing_that_others_have_added() {
    let bench = Bench::new();
    let (others, late) = (bench.every_morning(Missed::CatchUp(10)), bench.every_morning(Missed::CatchUp(10)));
    let (mut ticked, mut stale) = (Ticked::default(), Ticked::default());
    for (runner, ticked) in [(&others, &mut ticked), (&late, &mut stale)] {
        assert_eq!(runner.tick(ticked, at("2026-11-24T23:00:00Z")).unwrap(), 0);
    }
    for day in ["2026-11-25T22:30:00Z", "2026-11-26T22:30:00Z"] {
        assert_eq!(others.tick(&mut ticked, at(day)).unwrap(), 1);
    }
    assert_eq!(others.run_all().unwrap(), 2, "and both have ended");
    // First with the time at which it stood still, then with what it is by now.
    for moment in ["2026-11-25T22:30:00Z", "2026-11-26T22:30:01Z", "2026-11-26T22:30:02Z"] {
        assert_eq!(late.tick(&mut stale, at(moment)).unwrap(), 0, "{moment}");
    }
    assert_eq!((late.run_all().unwrap(), bench.count()), (0, 2));
}

#[test]
fn after_an_outage_the_latest_tick_is_made_up_for_or_as_many_as_declared() {
    for (missed, expected) in [(Missed::Coalesce, 1), (Missed::CatchUp(3), 3), (Missed::CatchUp(100), 6)] {
        let bench = Bench::new();
        let runner = bench.every_morning(missed);
        runner.tick(&mut Ticked::default(), at("2026-11-19T00:00:00Z")).unwrap();
        let mut after_restart = Ticked::default();
        assert_eq!(runner.tick(&mut after_restart, at("2026-11-25T00:00:00Z")).unwrap(), expected);
        assert_eq!(runner.tick(&mut after_restart, at("2026-11-25T00:00:01Z")).unwrap(), 0);
        // A process that does not know what was made up for finds it there.
        assert_eq!(runner.tick(&mut Ticked::default(), at("2026-11-25T00:00:02Z")).unwrap(), 0);
    }
}
