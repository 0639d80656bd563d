//! Passwords are hashed a few at a time: each takes 19 MiB and tens of milliseconds of a core, so a flood of sign-ins
//! waits at this door instead of taking the machine's memory. Whoever would wait too long is told when to come back.

use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use kernel::Code;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::failure::Failure;

/// How long somebody waits for a seat.
const PATIENCE: Duration = Duration::from_secs(5);
/// When somebody who was sent away may come back.
const COME_BACK_SECONDS: u64 = 5;

/// The seats of this process.
#[derive(Debug)]
pub(crate) struct Hashing {
    seats: Arc<Semaphore>,
    patience: Duration,
}

impl Hashing {
    /// Two seats per core: one computes while the other's thread wakes up.
    pub(crate) fn for_this_machine() -> Self {
        Self::with(2 * available_parallelism().map_or(1, NonZero::get), PATIENCE)
    }

    fn with(seats: usize, patience: Duration) -> Self {
        Self { seats: Arc::new(Semaphore::new(seats)), patience }
    }

    /// Waits for a seat. Take one before a try is counted, so that nobody pays for a try that was not looked at.
    pub(crate) async fn seat(&self) -> Result<Seat, Failure> {
        match timeout(self.patience, self.seats.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Seat(permit)),
            Ok(Err(_closed)) => Err(Failure::of(Code::Unavailable)),
            Err(_too_long) => {
                let mut failure = Failure::of(Code::Busy);
                failure.retry_after = Some(COME_BACK_SECONDS);
                Err(failure)
            }
        }
    }
}

/// A right to hash. Given back when it is dropped, or when its work has ended.
#[derive(Debug)]
pub(crate) struct Seat(OwnedSemaphorePermit);

impl Seat {
    /// Runs `work` on a thread that it holds up alone. The seat is taken until the work has ended, even if nobody
    /// waits for its answer any more.
    pub(crate) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let seated = move || {
            let _until_the_end = self.0;
            work()
        };
        tokio::task::spawn_blocking(seated).await.map_err(|stopped| Failure::internal(stopped.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[actix_web::test]
    async fn whoever_finds_no_seat_is_told_when_to_come_back() {
        let hashing = Hashing::with(2, Duration::ZERO);
        let (first, second) = (hashing.seat().await.unwrap(), hashing.seat().await.unwrap());
        let refused = hashing.seat().await.unwrap_err();
        assert_eq!((refused.code, refused.retry_after), (Code::Busy, Some(COME_BACK_SECONDS)));
        drop(first);
        assert_eq!(hashing.seat().await.unwrap().run(|| 7).await.unwrap(), 7);
        drop(second);
    }

    #[actix_web::test]
    async fn work_that_nobody_waits_for_keeps_its_seat_to_the_end() {
        let hashing = Hashing::with(1, Duration::ZERO);
        let (end, ended) = channel::<()>();
        let (go, begun) = channel();
        let seat = hashing.seat().await.unwrap();
        let running = actix_web::rt::spawn(seat.run(move || {
            go.send(()).unwrap();
            ended.recv().unwrap();
        }));
        tokio::task::spawn_blocking(move || begun.recv().unwrap()).await.unwrap();
        running.abort();
        assert!(running.await.unwrap_err().is_cancelled());
        assert_eq!(hashing.seat().await.unwrap_err().code, Code::Busy);
        end.send(()).unwrap();
        let patient = Hashing { seats: hashing.seats.clone(), patience: PATIENCE };
        patient.seat().await.unwrap();
    }
}
