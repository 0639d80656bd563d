//! `yui demo --scale N` and `--scale-units N`: the demo town with many invented deals, or with many invented units in two
//! hundred running orders, for seeing and measuring how Yui does with many.
//!
//! A thousand deals, or one order, per transaction, numbered from zero: whatever ended a run (Ctrl-C, a lost connection) leaves whole
//! thousands and whole orders behind, and the next run goes on after them. The same N on the same day gives the same rows.

use accounts::Role;
use accounts::organizations;
use accounts::persons;
use chrono::NaiveDate;
use db::{Commit, Db, DbError, PoolSettings};
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use kernel::{OrganizationId, Scope, clock, date_in_japan};
use sales::invented::{self, Cast};

use super::progress::Progress;
use super::unfinished::is_demo;
use crate::Stop;
use crate::config::DatabaseUrls;

/// How many deals are committed at once.
const AT_ONCE: u32 = 1_000;
/// How many deals a company has, one with another.
const DEALS_PER_COMPANY: u32 = 5;

/// How many running orders the invented units are in.
const ORDERS: u32 = 200;

/// Adds invented deals to the demo town until it has `wanted` of them.
pub(super) fn bring_to(urls: &DatabaseUrls, wanted: u32) -> Result<(), Stop> {
    let (door, town) = demo_town(urls)?;
    let today = date_in_japan(clock::machine_time());
    let mut progress = Progress::begin("架空の商談を増やしています", "adding invented deals");
    let added = add(&door, town, wanted, today, |done| {
        progress.at(usize::try_from(done).unwrap_or_default(), usize::try_from(wanted).unwrap_or_default());
    });
    progress.end();
    added?;
    settle(&urls.owner)
}

/// Adds invented running orders to the demo town until it has two hundred of them, with `wanted` units in all if it had none.
pub(super) fn bring_units_to(urls: &DatabaseUrls, wanted: u32) -> Result<(), Stop> {
    let (door, town) = demo_town(urls)?;
    let today = date_in_japan(clock::machine_time());
    let mut progress = Progress::begin("架空の受注を増やしています", "adding invented orders");
    let added = add_orders(&door, town, wanted, today, |done| {
        progress.at(usize::try_from(done).unwrap_or_default(), usize::try_from(ORDERS).unwrap_or_default());
    });
    progress.end();
    added?;
    settle(&urls.owner)
}

/// A door of its own, and the demo town. What is made up can be made again: one patient commit at the end puts all of it
/// on disk.
fn demo_town(urls: &DatabaseUrls) -> Result<(Db, OrganizationId), Stop> {
    let hasty = PoolSettings { size: 1, commit: Commit::Soon, ..PoolSettings::default() };
    let door = Db::connect(&urls.app, &hasty);
    let towns = door.lobby_blocking(organizations::directory).map_err(Stop::failed)?;
    let town = towns.iter().find(|town| is_demo(town)).map(|town| town.id);
    Ok((door, town.ok_or_else(|| Stop::failed("there is no demo town"))?))
}

fn add_orders(
    door: &Db,
    town: OrganizationId,
    wanted: u32,
    today: NaiveDate,
    mut told: impl FnMut(u32),
) -> Result<(), Stop> {
    let each = i32::try_from(wanted / ORDERS).unwrap_or(i32::MAX).max(1);
    let there = door.run_blocking(Scope::system(town), fulfillment::invented::count).map_err(Stop::failed)?;
    let there = u32::try_from(there).unwrap_or(u32::MAX);
    if there >= ORDERS {
        return Ok(());
    }
    let cast = door
        .run_blocking(Scope::system(town), |tx| -> Result<_, DbError> {
            let workers = workforce::skills::eligible(tx, None, today)?;
            Ok(fulfillment::invented::Cast {
                clients: clients::invented::companies(tx, there, ORDERS - there)?,
                workers: workers.into_iter().map(|one| (one.worker, one.person)).collect(),
            })
        })
        .map_err(Stop::failed)?;
    for number in there..ORDERS {
        door.run_blocking(Scope::system(town), |tx| {
            fulfillment::invented::order(tx, number, each, &cast, today)
        })
        .map_err(Stop::failed)?;
        told(number + 1);
    }
    Ok(())
}

fn add(
    door: &Db,
    town: OrganizationId,
    wanted: u32,
    today: NaiveDate,
    mut told: impl FnMut(u32),
) -> Result<(), Stop> {
    let run = |first: u32, many: u32| {
        door.run_blocking(Scope::system(town), |tx| -> Result<(), DbError> {
            let sellers = persons::with_role(tx, Role::Sales)?;
            let companies = many.div_ceil(DEALS_PER_COMPANY);
            let cast = Cast {
                owners: sellers.into_iter().map(|person| person.id).collect(),
                clients: clients::invented::companies(tx, first / DEALS_PER_COMPANY, companies)?,
            };
            invented::deals(tx, first, many, &cast, today)
        })
        .map_err(Stop::failed)
    };
    let there = door.run_blocking(Scope::system(town), invented::count).map_err(Stop::failed)?;
    let mut next = u32::try_from(there).unwrap_or(u32::MAX);
    while next < wanted {
        let many = AT_ONCE.min(wanted - next);
        run(next, many)?;
        next += many;
        told(next);
    }
    Ok(())
}

/// Tells the server what it holds now, so that the first pages are planned as well as later ones.
fn settle(owner_url: &str) -> Result<(), Stop> {
    let mut owner = PgConnection::establish(owner_url).map_err(Stop::failed)?;
    // Each by itself: VACUUM runs in no transaction, not even in that of two statements sent together.
    owner.batch_execute("SET statement_timeout = 0").map_err(Stop::failed)?;
    owner.batch_execute("VACUUM ANALYZE").map_err(Stop::failed)
}

#[cfg(test)]
mod tests {
    use db::testing::TestDb;

    use super::*;

    #[test]
    fn units_come_in_two_hundred_orders_and_once() {
        let db = TestDb::new();
        let town = db.town("demo");
        let person = db.person(town, "Aoki", &["worker"]);
        let hours = workforce::workers::HoursInput { weekly_minutes: "600".into() };
        db.acting(town, person, |tx| {
            let worker =
                workforce::workers::register(tx, person, workforce::workers::RegisterInput::default())?;
            let worker =
                workforce::workers::activate(tx, worker.id, workforce::workers::StepInput::default())?;
            workforce::workers::set_weekly_minutes(tx, worker.id, worker.version, hours)
        })
        .unwrap();
        let today = "2026-11-26".parse().unwrap();
        let bring = || {
            let mut last = 0;
            add_orders(&db.app, town, 4_000, today, |done| last = done).unwrap();
            last
        };
        assert_eq!((bring(), bring()), (200, 0));
        let running = db
            .app
            .run_blocking::<_, DbError, _>(Scope::system(town), fulfillment::orders::all_running)
            .unwrap();
        assert_eq!(running.len(), 200);
        assert_eq!(running.iter().map(|order| order.progress.total).sum::<i64>(), 4_000);
    }

    #[test]
    fn a_town_is_brought_to_a_number_and_asked_again_stays_there() {
        let db = TestDb::new();
        let town = db.town("demo");
        db.person(town, "Tanaka", &["sales"]);
        db.arrange(town, sales::pipelines::install_usual);
        let today = "2026-11-26".parse().unwrap();
        let bring = |wanted| {
            let mut steps = Vec::new();
            add(&db.app, town, wanted, today, |done| steps.push(done)).unwrap();
            steps
        };
        assert_eq!(bring(1_200), [1_000, 1_200]);
        assert_eq!(bring(1_200), [] as [u32; 0]);
        assert_eq!(bring(1_500), [1_500]);
        let counted = db.app.run_blocking::<_, DbError, _>(Scope::system(town), invented::count).unwrap();
        assert_eq!(counted, 1_500);
    }
}
