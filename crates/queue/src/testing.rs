//! A runner for tests that refuses to end with tasks left over.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test's arrangement may not fail")]

use std::cell::RefCell;

use chrono::{DateTime, Utc};
use db::testing::TestDb;
use diesel::prelude::*;

use crate::periodic::Ticked;
use crate::schema::tasks;
use crate::{Registry, Runner};

/// Runs a test's tasks without threads. When it is dropped, every task must have ended; a test that means to leave
/// some says how many with [`TestTasks::leave`].
#[derive(Debug)]
pub struct TestTasks<'db> {
    db: &'db TestDb,
    runner: Runner,
    left: i64,
    ticked: RefCell<Ticked>,
}

impl<'db> TestTasks<'db> {
    /// A runner for everything `registry` knows.
    pub fn new(db: &'db TestDb, registry: Registry) -> Self {
        let runner = Runner::new(db.app.clone(), db.queue.clone(), registry);
        Self { db, runner, left: 0, ticked: RefCell::default() }
    }

    /// Runs ready tasks until none is left; returns how many attempts were made.
    pub fn run_all(&self) -> usize {
        self.runner.run_all().expect("tasks can be run")
    }

    /// Runs one ready task; says whether there was one.
    pub fn run_once(&self) -> bool {
        self.runner.run_once().expect("a task can be run")
    }

    /// Adds what the schedules owe at `now`; the first look is not a debt. Returns how many tasks were added.
    pub fn tick(&self, now: DateTime<Utc>) -> i32 {
        self.runner.tick(&mut self.ticked.borrow_mut(), now).expect("schedules can be looked at")
    }

    /// Makes all scheduled tasks due, whatever their time.
    pub fn bring_forward(&self) {
        diesel::update(tasks::table.filter(tasks::state.eq("scheduled")))
            .set(tasks::run_at.eq(diesel::dsl::now))
            .execute(&mut self.db.owner())
            .expect("time can be turned forward");
        self.runner.promote().expect("due tasks can be made ready");
    }

    /// This test means to leave so many tasks: scheduled, dead, parked.
    pub fn leave(mut self, left: i64) -> Self {
        self.left = left;
        self
    }

    /// The runner itself.
    pub fn runner(&self) -> &Runner {
        &self.runner
    }
}

impl Drop for TestTasks<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let left: Vec<(String, String)> = tasks::table
            .select((tasks::kind, tasks::state))
            .load(&mut self.db.owner())
            .expect("tasks are listed");
        assert_eq!(left.len(), usize::try_from(self.left).unwrap_or(0), "tasks left over: {left:?}");
    }
}
