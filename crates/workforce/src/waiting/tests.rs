//! Who waits, against a real database.

use db::testing::TestDb;
use kernel::Paging;

use super::*;
use crate::interviews::{self, InterviewInput, OutcomeInput};
use crate::workers::{self, RegisterInput, WorkerState};

#[test]
fn those_who_wait_longest_come_first_and_whoever_does_not_take_part_waits_for_nothing() {
    let db = TestDb::new();
    db.freeze("2026-11-26T03:00:00Z".parse().unwrap());
    let town = db.town("tateshina");
    let lead = db.person(town, "Coordinator", &["coordinator"]);
    let on = |day: &str| RegisterInput { happened_on: day.into(), ..RegisterInput::default() };
    let mut workers = Vec::new();
    for (name, day) in [("Aoki", "2026-11-20"), ("Baba", "2026-11-10"), ("Chiba", "2026-11-15")] {
        let person = db.person(town, name, &["worker"]);
        workers.push(db.acting(town, lead, |tx| workers::apply(tx, person, on(day))).unwrap());
    }
    let all = |paging: &Paging<WaitingKey>| db.acting(town, lead, |tx| list(tx, None, paging)).unwrap();
    let ids: Vec<_> = all(&Paging::first(10)).items.iter().map(|one| one.worker.id).collect();
    assert_eq!(ids, [workers[1].id, workers[2].id, workers[0].id]);
    let first = all(&Paging::first(2));
    let rest = all(&Paging { after: first.next, ..Paging::first(2) });
    assert_eq!((first.items.len(), rest.items.len(), rest.next), (2, 1, None));

    let interview = |worker, outcome: &str| {
        let (worker, outcome) = (worker, OutcomeInput { outcome: outcome.into() });
        let input = InterviewInput {
            day: "2026-11-25".into(),
            time: "10:00".into(),
            way: "phone".into(),
            interviewer_id: lead.to_string().into(),
            ..InterviewInput::default()
        };
        db.acting(town, lead, |tx| {
            let one = interviews::plan(tx, worker, &input)?;
            interviews::conclude(tx, one.id, one.version, &outcome)
        })
        .unwrap()
    };
    interview(workers[1].id, "not_now");
    interview(workers[2].id, "go_on");
    let now = all(&Paging::first(10));
    let steps: Vec<_> = now.items.iter().map(|one| (one.worker.id, one.waits_for)).collect();
    assert_eq!(steps, [(workers[2].id, WaitsFor::Registration), (workers[0].id, WaitsFor::Interview)]);
    let counted = db.acting(town, lead, counts).unwrap();
    assert_eq!(counted.get(&WorkerState::Applicant), Some(&2), "the counts are the list's");
    interview(workers[1].id, "later");
    assert_eq!(all(&Paging::first(10)).items.len(), 3, "whoever is asked again waits again");
}
