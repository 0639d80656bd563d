//! Units against a real database: pages, history, offering again, calling off.

use std::sync::Barrier;

use db::private_postgres::Role;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kernel::{Code, Coded, Paging, PersonId};

use super::*;
use crate::events::UnitRejected;
use crate::reviews::ReviewInput;
use crate::testing::{Town, called_off, returned};
use crate::{reviews, submissions};

#[test]
fn a_units_history_is_every_move_with_who_and_why() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(worker, job.id, 1).units[0];
    let first = town.hands_in(worker, unit);
    town.act(town.checker, |tx| reviews::decide(tx, first.id, returned("typo")));
    let second = town.hands_in(worker, unit);
    town.passes(&second);
    let events = town.act(town.director, |tx| history(tx, unit));
    let moves: Vec<_> = events.iter().map(|event| event.to_state.as_str()).collect();
    assert_eq!(
        moves,
        ["draft", "offered", "claimed", "working", "submitted", "returned", "working", "submitted", "passed"]
    );
    assert_eq!((events[0].from_state, events[5].from_state), (None, Some(UnitState::Submitted)));
    assert_eq!(events[5].reason.as_deref(), Some("typo"));
    assert_eq!(events[5].actor, format!("person:{}", town.checker));
    assert_eq!(town.unit(unit).passed_basis, Some(PassedBasis::Reviewed));
}

#[test]
fn a_rejected_unit_is_offered_to_others_and_its_maker_stays_its_maker() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(aoki, job.id, 1).units[0];
    let version = town.hands_in(aoki, unit);
    let reject = ReviewInput { verdict: "reject".into(), ..returned("unreadable") };
    town.act(town.checker, |tx| reviews::decide(tx, version.id, reject));
    assert_eq!((town.unit(unit).state, town.facts::<UnitRejected>().len()), (UnitState::Rejected, 1));
    let again = town.act(town.director, |tx| reoffer(tx, unit));
    assert_eq!((again.state, again.holder_id), (UnitState::Offered, None));
    let twice = town.attempt(town.director, |tx| reoffer(tx, unit)).unwrap_err();
    assert_eq!(twice.code(), Code::Conflict);
    assert_eq!(town.claims(baba, job.id, 1).units, [unit]);
    let second = town.hands_in(baba, unit);
    assert_eq!(second.number, 2);
    let own = ReviewInput { verdict: "pass".into(), ..ReviewInput::default() };
    let refused = town.attempt(aoki, |tx| reviews::decide(tx, second.id, own)).unwrap_err();
    assert_eq!(refused.code(), Code::OwnWork, "the first version was Aoki's");
    assert_eq!(town.act(town.director, |tx| submissions::of_unit(tx, unit)).len(), 2);
}

#[test]
fn calling_off_what_nobody_holds_owes_nothing() {
    let town = Town::new();
    let job = town.job(town.order(1000).id, 2);
    let page = town.act(town.director, |tx| of_job(tx, job.id, UnitFilter::default(), &Paging::first(1)));
    let first = page.items[0].id;
    let unit = town.act(town.director, |tx| cancel(tx, first, called_off("town", "80")));
    assert_eq!((unit.state, unit.compensation.unwrap().0), (UnitState::Cancelled, 0));
    let next = Paging { after: page.next, limit: 1 };
    let page = town.act(town.director, |tx| of_job(tx, job.id, UnitFilter::default(), &next));
    assert_eq!((page.items[0].position, page.next), (2, None));
    let offered = UnitFilter { state: Some(UnitState::Offered) };
    let left = town.act(town.director, |tx| of_job(tx, job.id, offered, &Paging::first(5)));
    assert_eq!(left.items.len(), 1);
}

/// How a unit is brought to where it can move back, and the move.
type Backward = (&'static str, fn(&Town, PersonId, UnitId), fn(&Town, PersonId, UnitId) -> Option<Code>);

/// Every move that leads to a state which calling off may have walked past.
const BACKWARD: [Backward; 5] = [
    ("start", sent_back, |town, person, unit| refusal(town, person, |tx| claims::start(tx, unit))),
    ("resume", laid_aside, |town, person, unit| refusal(town, person, |tx| claims::resume(tx, unit))),
    ("hand_back", begun, |town, person, unit| refusal(town, person, |tx| claims::hand_back(tx, unit))),
    ("take_back", begun, |town, _, unit| {
        refusal(town, town.director, |tx| claims::take_back(tx, unit, claims::TakeBackInput::default()))
    }),
    ("reoffer", refused, |town, _, unit| {
        town.attempt(town.director, |tx| reoffer(tx, unit)).err().map(|error| error.code())
    }),
];

fn refusal(
    town: &Town,
    person: PersonId,
    work: impl FnOnce(&mut Tx<'_>) -> Result<Unit, claims::ClaimError>,
) -> Option<Code> {
    town.attempt(person, work).err().map(|error| error.code())
}

fn begun(town: &Town, person: PersonId, unit: UnitId) {
    town.act(person, |tx| claims::start(tx, unit));
}

fn laid_aside(town: &Town, person: PersonId, unit: UnitId) {
    begun(town, person, unit);
    town.act(person, |tx| claims::pause(tx, unit));
}

fn sent_back(town: &Town, person: PersonId, unit: UnitId) {
    let version = town.hands_in(person, unit);
    town.act(town.checker, |tx| reviews::decide(tx, version.id, returned("typo")));
}

fn refused(town: &Town, person: PersonId, unit: UnitId) {
    let version = town.hands_in(person, unit);
    let reject = ReviewInput { verdict: "reject".into(), ..returned("unreadable") };
    town.act(town.checker, |tx| reviews::decide(tx, version.id, reject));
}

#[test]
fn an_order_called_off_while_its_unit_moves_keeps_none_alive() {
    const ROUNDS: usize = 40;
    let town = Town::new();
    // Two people, because the hours of one would not do for two hundred units.
    let people = ["Aoki", "Baba"].map(|name| town.worker(name).0);
    let round = |index: usize| {
        let person = people[index % 2];
        let (_, prepare, _) = BACKWARD[index % BACKWARD.len()];
        let order = town.order(1000).id;
        let unit = town.claims(person, town.job(order, 1).id, 1).units[0];
        prepare(&town, person, unit);
        (order, unit)
    };
    let stages: Vec<(OrderId, UnitId)> = (0..ROUNDS * BACKWARD.len()).map(round).collect();
    let gate = Barrier::new(2);
    // Nothing in here may panic: the other one would wait at the gate for ever.
    let (cancelled, moved) = std::thread::scope(|scope| {
        let cancels = scope.spawn(|| {
            let cancel = |(order, _): &(OrderId, UnitId)| {
                gate.wait();
                town.attempt(town.director, |tx| orders::cancel(tx, *order, called_off("client", "0")))
                    .err()
                    .map(|error| error.code())
            };
            stages.iter().map(cancel).collect::<Vec<_>>()
        });
        let moves = scope.spawn(|| {
            let step = |(index, (_, unit)): (usize, &(OrderId, UnitId))| {
                gate.wait();
                BACKWARD[index % BACKWARD.len()].2(&town, people[index % 2], *unit)
            };
            stages.iter().enumerate().map(step).collect::<Vec<_>>()
        });
        (cancels.join().unwrap(), moves.join().unwrap())
    });
    assert_eq!(cancelled, vec![None; stages.len()], "calling off waits for a move and never fails by it");
    for (index, ((_, unit), outcome)) in stages.iter().zip(moved).enumerate() {
        let name = BACKWARD[index % BACKWARD.len()].0;
        assert_eq!(town.unit(*unit).state, UnitState::Cancelled, "round {index}, {name}");
        assert!(matches!(outcome, None | Some(Code::Conflict)), "round {index}, {name}: {outcome:?}");
    }
}

#[test]
fn the_tables_themselves_keep_an_ended_order_ended() {
    let town = Town::new();
    let (person, _) = town.worker("Aoki");
    let (open, over) = (town.order(1000).id, town.order(1000).id);
    let live = town.claims(person, town.job(open, 1).id, 1).units[0];
    let job = town.job(over, 1).id;
    town.act(town.director, |tx| orders::cancel(tx, over, called_off("client", "0")));
    let mut app = PgConnection::establish(&town.db.url(Role::App)).unwrap();
    let mut refusal = |sql: String| {
        app.test_transaction::<_, diesel::result::Error, _>(|app| {
            app.batch_execute(&format!("SELECT set_config('yui.org', '{}', true)", town.id))?;
            Ok(app.batch_execute(&sql).unwrap_err().to_string())
        })
    };
    let back = "state = 'draft', holder_id = NULL, cancel_fault = NULL, compensation = NULL";
    let said = refusal(format!("UPDATE units SET {back} WHERE order_id = {over}"));
    assert!(said.contains("is cancelled and does not become draft"), "{said}");
    let said = refusal(format!("UPDATE orders SET state = 'running', ended_at = NULL WHERE id = {over}"));
    assert!(said.contains("is cancelled and does not become running"), "{said}");
    let said = refusal(format!("UPDATE orders SET state = 'closed', ended_at = now() WHERE id = {open}"));
    assert!(said.contains("has units that are not over"), "{said}");
    let late =
        format!("INSERT INTO units (order_id, job_id, position, label) VALUES ({over}, {job}, 2, 'x')");
    let said = refusal(late);
    assert!(said.contains("gets no more units"), "{said}");
    for sql in [
        format!("UPDATE units SET order_id = {over} WHERE id = {live}"),
        format!("DELETE FROM units WHERE id = {live}"),
    ] {
        let said = refusal(sql);
        assert!(said.contains("permission denied"), "{said}");
    }
}

/// Whoever calls an order off that nobody works on gives no reason and owes nothing: a claim in the same moment must be
/// seen.
#[test]
fn an_order_called_off_while_it_is_claimed_owes_its_holder_a_reason() {
    const ROUNDS: usize = 40;
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let gate = Barrier::new(2);
    for round in 0..ROUNDS {
        let order = town.order(1000).id;
        let job = town.job(order, 1).id;
        let input = town.informed(aoki, job, 1);
        let (cancelled, claimed) = std::thread::scope(|scope| {
            let cancels = scope.spawn(|| {
                gate.wait();
                town.attempt(town.director, |tx| orders::cancel(tx, order, CancelInput::default())).is_ok()
            });
            let claims = scope.spawn(|| {
                gate.wait();
                town.attempt(aoki, |tx| claims::claim(tx, job, input)).is_ok()
            });
            (cancels.join().unwrap(), claims.join().unwrap())
        });
        assert!(cancelled != claimed, "round {round}: cancelled {cancelled}, claimed {claimed}");
        if claimed {
            town.act(town.director, |tx| orders::cancel(tx, order, called_off("client", "0")));
        }
    }
}

impl Town {
    /// Counts as they are kept, and as counting every unit gives them.
    fn counted(&self, sql: &str) -> Vec<(String, i64)> {
        #[derive(QueryableByName)]
        struct Counted {
            #[diesel(sql_type = diesel::sql_types::Text)]
            what: String,
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            units: i64,
        }
        let rows: Vec<Counted> = diesel::sql_query(format!(
            "SELECT concat_ws(' ', job_id, state, 'of', holder_id, 'due', due_on) AS what, {sql}"
        ))
        .load(&mut self.db.owner())
        .unwrap();
        rows.into_iter().map(|row| (row.what, row.units)).collect()
    }

    fn counts_agree(&self) {
        let kept = self.counted(
            "sum(units)::bigint AS units FROM unit_counts GROUP BY 1 HAVING sum(units) <> 0 ORDER BY 1",
        );
        let found = self.counted("count(*) AS units FROM units GROUP BY 1 ORDER BY 1");
        assert_eq!(kept, found);
    }

    fn loose(&self) -> i64 {
        self.counted("count(*) AS units FROM unit_counts WHERE NOT folded GROUP BY 1")
            .iter()
            .map(|one| one.1)
            .sum()
    }
}

#[test]
fn counts_are_what_counting_every_unit_gives() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let order = town.order_of(1000, 9);
    let job = town.job(order.id, 9);
    town.counts_agree();
    for _ in 0..20 {
        let unit = town.claims(aoki, job.id, 1).units[0];
        town.act(aoki, |tx| claims::hand_back(tx, unit));
    }
    let done = town.finishes(aoki, job.id, 2);
    let held = town.claims(baba, job.id, 3).units;
    town.act(town.director, |tx| cancel(tx, held[0], called_off("town", "50")));
    town.delivers(order.id, &done);
    town.counts_agree();
    assert!(town.loose() > 40, "{}", town.loose());
    assert_eq!(town.act(town.director, counts::fold), 1);
    town.counts_agree();
    assert_eq!((town.loose(), town.act(town.director, counts::fold)), (0, 0));
    let other = town.db.town("shiojiri");
    let nobody = town.db.person(other, "Sato", &["coordinator"]);
    assert_eq!(town.db.acting(other, nobody, counts::fold).unwrap(), 0, "another town's are not its to fold");
}

#[test]
fn folding_while_people_claim_loses_no_unit() {
    let town = Town::new();
    let people: Vec<PersonId> = ["Aoki", "Baba", "Chiba"].map(|name| town.worker(name).0).to_vec();
    let job = town.job(town.order_of(1000, 9).id, 9);
    let start = Barrier::new(people.len() + 2);
    std::thread::scope(|threads| {
        for person in people {
            let (town, start) = (&town, &start);
            threads.spawn(move || {
                start.wait();
                for _ in 0..25 {
                    let unit = town.claims(person, job.id, 1).units[0];
                    town.act(person, |tx| claims::hand_back(tx, unit));
                }
            });
        }
        for _ in 0..2 {
            let (town, start) = (&town, &start);
            threads.spawn(move || {
                start.wait();
                for _ in 0..50 {
                    town.act(town.director, counts::fold);
                }
            });
        }
    });
    town.counts_agree();
}
