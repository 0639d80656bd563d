//! `yui demo --scale N`: the demo town with many invented deals, for seeing and measuring how Yui does with many.
//!
//! A thousand deals per transaction, numbered from zero: whatever ended a run (Ctrl-C, a lost connection) leaves whole
//! thousands behind, and the next run goes on after them. The same N on the same day gives the same rows.

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

/// Adds invented deals to the demo town until it has `wanted` of them.
pub(super) fn bring_to(urls: &DatabaseUrls, wanted: u32) -> Result<(), Stop> {
    // What is made up can be made again; one patient commit at the end puts all of it on disk.
    let hasty = PoolSettings { size: 1, commit: Commit::Soon, ..PoolSettings::default() };
    let door = Db::connect(&urls.app, &hasty);
    let towns = door.lobby_blocking(organizations::directory).map_err(Stop::failed)?;
    let town =
        towns.iter().find(|town| is_demo(town)).ok_or_else(|| Stop::failed("there is no demo town"))?;
    let today = date_in_japan(clock::machine_time());
    let mut progress = Progress::begin("架空の商談を増やしています", "adding invented deals");
    let added = add(&door, town.id, wanted, today, |done| {
        progress.at(usize::try_from(done).unwrap_or_default(), usize::try_from(wanted).unwrap_or_default());
    });
    progress.end();
    added?;
    settle(&urls.owner)
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
