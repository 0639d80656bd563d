//! What every verb passes through, compiled once. A transaction and a blocking thread are generic in what they run and in its
//! outcome; with more than a thousand verbs and lists that was a third of the program's code. So the work puts its outcome aside, and
//! what runs it sees only whether to keep what it wrote.

use std::sync::{Arc, Mutex, PoisonError};

use diesel::Connection as _;
use diesel::pg::PgConnection;
use diesel::result::Error;

use crate::error::DbError;

/// Work that is run once, with its outcome put aside.
pub(crate) struct Aside<F, T, E> {
    work: Option<F>,
    outcome: Option<Result<T, E>>,
}

impl<F, T, E: From<DbError>> Aside<F, T, E> {
    pub(crate) fn new(work: F) -> Self {
        Self { work: Some(work), outcome: None }
    }

    /// Runs it by `call`; whether what it wrote is kept.
    pub(crate) fn run(&mut self, call: impl FnOnce(F) -> Result<T, E>) -> bool {
        let Some(work) = self.work.take() else { return false };
        self.outcome.insert(call(work)).is_ok()
    }

    /// What came of it, or what went wrong around it.
    pub(crate) fn outcome(self, ended: Result<(), DbError>) -> Result<T, E> {
        ended?;
        self.outcome.unwrap_or_else(|| Err(never_began().into()))
    }
}

fn never_began() -> DbError {
    DbError::Unavailable("the work was never begun".to_owned())
}

/// One transaction, or a savepoint inside of one, whose writes are kept where `work` says so; whether they were.
pub(crate) fn transaction(
    conn: &mut PgConnection,
    work: &mut dyn FnMut(&mut PgConnection) -> Result<bool, Error>,
) -> Result<bool, Error> {
    let ended = conn.transaction(|conn| if work(conn)? { Ok(()) } else { Err(Unkept::AsSaid) });
    match ended {
        Ok(()) => Ok(true),
        Err(Unkept::AsSaid) => Ok(false),
        Err(Unkept::Failed(error)) => Err(error),
    }
}

/// [`transaction`] inside another, whose own end tells whether the connection lives.
pub(crate) fn savepoint(
    conn: &mut PgConnection,
    work: &mut dyn FnMut(&mut PgConnection) -> Result<bool, Error>,
) -> Result<(), DbError> {
    transaction(conn, work)?;
    Ok(())
}

/// Why a transaction is rolled back; `Connection::transaction` wants an error that swallows diesel's own (a failed COMMIT).
enum Unkept {
    AsSaid,
    Failed(Error),
}

impl From<Error> for Unkept {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Runs `work` on a thread that may block and waits for its outcome.
pub(crate) async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    let waiting = Arc::new(Mutex::new(None));
    let done = Arc::clone(&waiting);
    let work = move || {
        let outcome = work();
        *done.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    };
    on_a_blocking_thread(Box::new(work)).await?;
    let outcome = waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
    outcome.unwrap_or_else(|| Err(never_began().into()))
}

async fn on_a_blocking_thread(work: Box<dyn FnOnce() + Send>) -> Result<(), DbError> {
    let ended = tokio::task::spawn_blocking(work).await;
    ended.map_err(|stopped| DbError::Unavailable(format!("the work was stopped: {stopped}")))
}
