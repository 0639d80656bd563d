//! A process that works tasks, for the fault tests: real worker threads and handlers that do what a test needs (leave an
//! effect, wait to be let on, hang, bring the process down). It says on its output what happens and stops when its input
//! closes.
#![expect(clippy::print_stdout, reason = "what the tests read")]

use std::io::Read as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use db::{Db, DbError, PoolSettings};
use diesel::RunQueryDsl as _;
use diesel::sql_types::{BigInt, SmallInt, Text};
use kernel::{OrganizationId, Scope};
use queue::{
    Attempt, Registry, Runner, TASKS, TENDING, Task, TaskError, URGENT, Wake, WorkerSettings, Workers,
    connect_signals, signals_of_this_process,
};
use serde::{Deserialize, Serialize};

const SIGNALS: &[&str] = &[TASKS, URGENT, TENDING];

/// Works tasks until its input closes.
#[derive(Debug, Parser)]
struct Arguments {
    #[arg(long)]
    name: String,
    /// The database as the application's role
    #[arg(long)]
    app: String,
    /// The database as the queue's role
    #[arg(long)]
    queue: String,
    /// Where to listen; nowhere: only polling
    #[arg(long)]
    listen: Option<String>,
    #[arg(long, default_value_t = 1000)]
    lease_ms: u64,
    #[arg(long, default_value_t = 50)]
    poll_ms: u64,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Connections of the handlers; as many as usual where nothing is said
    #[arg(long)]
    pool: Option<u32>,
}

/// What a test asks of a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Conduct {
    /// Leave the effect.
    Effect,
    /// Wait for a permit to this process, then leave the effect.
    EffectWhenPermitted,
    /// Never end, the first time.
    HangFirst,
    /// Leave the effect and then never end, the first time.
    EffectThenHangFirst,
    /// Bring the process down.
    Abort,
    /// Panic.
    Panic,
    /// Leave the effect and keep the transaction, and so its connection, until there is a permit.
    EffectAndKeepConnection,
}

#[derive(Debug, Serialize, Deserialize)]
struct Fault {
    key: i64,
    conduct: Conduct,
}

impl Task for Fault {
    const KIND: &'static str = "fault.detached";
    const BACKOFF: queue::Backoff =
        queue::Backoff { attempts: 3, first: Duration::from_millis(10), most: Duration::from_millis(10) };
}

/// The same, of which one attempt may take half a second.
#[derive(Debug, Serialize, Deserialize)]
struct Bounded(Fault);

impl Task for Bounded {
    const KIND: &'static str = "fault.bounded";
    const BACKOFF: queue::Backoff = Fault::BACKOFF;
    const TIME_LIMIT: Duration = Duration::from_millis(500);
}

#[derive(Debug, Serialize, Deserialize)]
struct InTransaction {
    key: i64,
}

impl Task for InTransaction {
    const KIND: &'static str = "fault.transactional";
}

fn main() -> ExitCode {
    env_logger::init();
    let arguments = Arguments::parse();
    println!("the clock says {}", clock());
    let settings = PoolSettings::default();
    let handlers = PoolSettings { size: arguments.pool.unwrap_or(settings.size), ..settings };
    let (app, queue) = (Db::connect(&arguments.app, &handlers), Db::connect(&arguments.queue, &settings));
    let (wakes, _listening) = match &arguments.listen {
        Some(url) => connect_signals(&app, url, SIGNALS),
        None => signals_of_this_process(&app),
    };
    let runner = Runner::new(app, queue, registry(&arguments.name));
    let runner = Arc::new(runner.with_lease(Duration::from_millis(arguments.lease_ms)));
    let settings = WorkerSettings {
        threads: arguments.threads,
        poll: Duration::from_millis(arguments.poll_ms),
        grace: Duration::from_secs(5),
        ..WorkerSettings::default()
    };
    let workers = Workers::start(runner.clone(), &wakes, settings, |_run| {});
    println!("working");
    let mut until_closed = Vec::new();
    let closed = std::io::stdin().read_to_end(&mut until_closed);
    workers.stop();
    println!("finished {} lost {}", runner.finished(), runner.lost_leases());
    if closed.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn registry(name: &str) -> Registry {
    let mut registry = Registry::new();
    let (name, same) = (name.to_owned(), name.to_owned());
    registry.detached(move |db, town, attempt, task: Fault| behave(&name, db, town, attempt, &task));
    registry.detached(move |db, town, attempt, task: Bounded| behave(&same, db, town, attempt, &task.0));
    registry.in_transaction(|tx, attempt: Attempt, task: InTransaction| {
        leave_effect(tx, task.key, attempt).map_err(TaskError::from)
    });
    registry
}

fn behave(
    name: &str,
    db: &Db,
    town: OrganizationId,
    attempt: Attempt,
    task: &Fault,
) -> Result<(), TaskError> {
    let first = attempt.number == 1;
    println!("began {} attempt {} when the clock said {}", task.key, attempt.number, clock());
    let effect = || db.run_blocking(Scope::system(town), |tx| leave_effect(tx, task.key, attempt));
    match task.conduct {
        Conduct::EffectWhenPermitted => {
            wait_for_permit(name, db, town, task.key)?;
            effect()?;
        }
        Conduct::HangFirst if first => hang(),
        Conduct::Effect | Conduct::HangFirst => effect()?,
        Conduct::EffectThenHangFirst => {
            effect()?;
            println!("left effect {}", task.key);
            if first {
                hang();
            }
        }
        Conduct::Abort => std::process::abort(),
        #[expect(clippy::panic, reason = "what the test asks for")]
        Conduct::Panic => panic!("as asked"),
        Conduct::EffectAndKeepConnection => db.run_blocking(Scope::system(town), |tx| {
            leave_effect(tx, task.key, attempt)?;
            let bell = Wake::default();
            while permits(tx, name, task.key)? == 0 {
                bell.wait(Duration::from_millis(10));
            }
            Ok::<_, DbError>(())
        })?,
    }
    Ok(())
}

/// What this machine's clock says, in seconds.
fn clock() -> i64 {
    kernel::clock::machine_time().timestamp()
}

/// One effect per key, and one line per attempt that came so far.
fn leave_effect(tx: &mut db::Tx<'_>, key: i64, attempt: Attempt) -> Result<(), DbError> {
    diesel::sql_query("INSERT INTO effects (key) VALUES ($1) ON CONFLICT DO NOTHING")
        .bind::<BigInt, _>(key)
        .execute(tx.conn())?;
    diesel::sql_query("INSERT INTO runs (key, attempt) VALUES ($1, $2)")
        .bind::<BigInt, _>(key)
        .bind::<SmallInt, _>(attempt.number)
        .execute(tx.conn())?;
    Ok(())
}

fn wait_for_permit(name: &str, db: &Db, town: OrganizationId, key: i64) -> Result<(), DbError> {
    let bell = Wake::default();
    loop {
        if db.run_blocking(Scope::system(town), |tx| permits(tx, name, key))? > 0 {
            return Ok(());
        }
        bell.wait(Duration::from_millis(10));
    }
}

fn permits(tx: &mut db::Tx<'_>, name: &str, key: i64) -> Result<usize, DbError> {
    Ok(diesel::sql_query("SELECT FROM permits WHERE key = $1 AND process = $2")
        .bind::<BigInt, _>(key)
        .bind::<Text, _>(name)
        .execute(tx.conn())?)
}

fn hang() -> ! {
    loop {
        std::thread::park();
    }
}
