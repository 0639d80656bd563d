//! Promised days: twenty thousand runs over three hundred jobs of sixty people, a fifth of them in two or three parts.

use std::time::Instant;

use fulfillment::forecast::{Goal, Hand, Part, Plan, play};

use crate::harness::{Bench, Figure, Sample, Target, Trouble};
use crate::server::Server;

const RUNS: u32 = 20_000;
const JOBS: usize = 300;
const PEOPLE: usize = 60;
/// How far it is looked ahead, in days.
const DAYS: usize = 180;

pub(crate) const BENCHES: &[Bench] = &[Bench {
    name: "promise",
    figures: &[Figure {
        name: "promise: 20,000 runs over 300 jobs of 60 people",
        unit: "s",
        target: Target::AtMost(1.0),
    }],
    measure,
}];

fn measure(_: &Server) -> Result<Vec<Sample>, Trouble> {
    let plan = plan()?;
    let began = Instant::now();
    let ends = play(&plan, RUNS, 42);
    let took = began.elapsed().as_secs_f64();
    if ends.iter().any(|end| end.by(85).is_none()) {
        return Err("a job of the bench ends beyond what can be seen".into());
    }
    Ok(vec![Sample::of(took)])
}

/// Everybody offers an hour on five days of the week and holds six parts of about three hours on average.
fn plan() -> Result<Plan, Trouble> {
    let day = |day: usize| if day % 7 < 5 { 60.0 } else { 0.0 };
    let hand = Hand { days: (0..DAYS).map(day).collect(), falls_away: 0.02, away_for: None, doubt: 0.03 };
    let mut parts = Vec::new();
    for job in 0..JOBS {
        let minutes = f64::from(u32::try_from(60 + job * 37 % 240)?);
        let people = if job % 5 == 0 { 2 + job % 2 } else { 1 };
        parts.extend((0..people).map(|one| Part {
            hand: (job + one * 7) % PEOPLE,
            job,
            minutes,
            spent: if job % 6 == 0 { minutes / 2.0 } else { 0.0 },
            mean: 0.2,
            noise: 0.15,
            doubt: 0.02,
            returned: 0.1,
            redo_minutes: minutes * 0.3,
        }));
    }
    let goal =
        |job: usize| Goal { due: 10 + job % 50, likely: if job.is_multiple_of(10) { 0.4 } else { 1.0 } };
    Ok(Plan {
        hands: vec![hand; PEOPLE],
        jobs: (0..JOBS).map(goal).collect(),
        parts,
        spells: vec![1, 1, 2, 3, 5, 8],
        check_days: vec![1, 1, 2, 3, 4],
        ..Plan::default()
    })
}
