//! Uploads and downloads: the bytes in an object store (a directory now), the facts about them in a row.
//!
//! 1. [`Store::receive`] takes the stream in under a hard limit, outside any transaction, and lets only the listed
//!    kinds of file through: by name *and* by content, in archives as well. A picture loses what its camera noted in it.
//! 2. [`keep_within`] adds the row, in the transaction of whatever the file is for, unless the day's [`Quota`] is used
//!    up; [`keep`] is for what the system itself makes.
//! 3. If that transaction fails, the caller gives the bytes to [`Store::discard`]; if the caller dies as well,
//!    [`sweep`] finds them the next day.
//!
//! Invariant: a row stands for bytes that were complete on the disk before it was written (test
//! `an_upload_that_breaks_off_leaves_nothing`). Invariant: what a person called a file never becomes a path (test
//! `names_that_are_paths_lose_them`).

mod archive;
mod disposition;
mod error;
mod inside;
mod kinds;
mod names;
mod pictures;
pub mod rows;
mod schema;
mod seats;
mod storage;
mod stored;
mod text;
mod unpacking;

pub use archive::ArchiveProblem;
pub use disposition::content_disposition;
pub use error::{FileError, Refusal};
pub use kinds::MediaType;
pub use storage::{ByteStream, Received, Store, StoredBytes, sweep, sweep_blocking};
pub use stored::{Quota, StoredFile, find, find_many, keep, keep_within, paths};
pub use unpacking::{Unpacked, unpack};
