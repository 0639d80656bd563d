//! Files are looked into a few at a time: an archive of half a megabyte may unpack to a document of 64 MiB, and a picture is
//! in memory as a whole, so a flood of uploads waits at this door instead of taking the machine's memory. Who would wait too
//! long is told to come back.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::FileError;

/// How many files are looked into at a moment. It bounds memory, so it does not grow with the machine's cores.
const SEATS: usize = 4;
/// How long a file waits for a seat.
const PATIENCE: Duration = Duration::from_secs(20);

/// The seats of one store.
#[derive(Debug, Clone)]
pub(crate) struct Seats {
    seats: Arc<Semaphore>,
    patience: Duration,
}

impl Seats {
    pub(crate) fn new() -> Self {
        Self::with(SEATS, PATIENCE)
    }

    fn with(seats: usize, patience: Duration) -> Self {
        Self { seats: Arc::new(Semaphore::new(seats)), patience }
    }

    /// Waits for a seat; [`FileError::Busy`] where none comes free.
    pub(crate) async fn seat(&self) -> Result<Seat, FileError> {
        if let Ok(permit) = Arc::clone(&self.seats).try_acquire_owned() {
            return Ok(Seat(permit));
        }
        match timeout(self.patience, Arc::clone(&self.seats).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Seat(permit)),
            Ok(Err(_)) | Err(_) => Err(FileError::Busy),
        }
    }
}

/// A right to look into a file. Given back when it is dropped, or when its work has ended.
#[derive(Debug)]
pub(crate) struct Seat(OwnedSemaphorePermit);

impl Seat {
    /// Runs `work` on a thread that it holds up alone. The seat is taken until the work has ended, even if nobody waits for
    /// its answer any more.
    pub(crate) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, FileError> {
        let seated = move || {
            let _until_the_end = self.0;
            work()
        };
        tokio::task::spawn_blocking(seated).await.map_err(|stopped| FileError::Storage(stopped.to_string()))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    /// Seats that nobody gets.
    pub(crate) fn none() -> Seats {
        Seats::with(0, Duration::ZERO)
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
    }

    #[test]
    fn whoever_finds_no_seat_is_sent_away_and_a_seat_that_was_left_is_free() {
        runtime().block_on(async {
            let seats = Seats::with(2, Duration::ZERO);
            let (first, second) = (seats.seat().await.unwrap(), seats.seat().await.unwrap());
            assert!(matches!(seats.seat().await.unwrap_err(), FileError::Busy));
            drop(first);
            assert_eq!(seats.seat().await.unwrap().run(|| 7).await.unwrap(), 7);
            drop(second);
        });
    }

    #[test]
    fn work_that_nobody_waits_for_keeps_its_seat_to_the_end() {
        runtime().block_on(async {
            let seats = Seats::with(1, Duration::ZERO);
            let (end, ended) = channel::<()>();
            let (go, begun) = channel();
            let seat = seats.seat().await.unwrap();
            let running = tokio::spawn(seat.run(move || {
                go.send(()).unwrap();
                ended.recv().unwrap();
            }));
            tokio::task::spawn_blocking(move || begun.recv().unwrap()).await.unwrap();
            running.abort();
            assert!(running.await.unwrap_err().is_cancelled());
            assert!(matches!(seats.seat().await.unwrap_err(), FileError::Busy));
            end.send(()).unwrap();
            let patient = Seats { patience: PATIENCE, ..seats };
            patient.seat().await.unwrap();
        });
    }
}
