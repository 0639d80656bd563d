//! Where the bytes are: a directory, behind the interface of an object store.
//!
//! An upload goes into a staging file beside its place and takes its place only when it is complete and flushed
//! to the disk. Its key is random; nothing of it comes from outside.

#[cfg(test)]
mod tests;

use std::fmt::Display;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, TimeDelta, Utc};
use db::Db;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};
use kernel::{OrganizationId, Scope};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};

use crate::error::{FileError, Refusal};
use crate::seats::Seats;
use crate::text::TextCheck;
use crate::{MediaType, StoredFile, archive, inside, names, pictures, stored};

/// A file's bytes as they are read.
pub type ByteStream = BoxStream<'static, Result<Bytes, FileError>>;

/// How much is written at a time.
const PART_BYTES: usize = 256 * 1024;

/// How much of the beginning is looked at.
const HEAD_BYTES: usize = 4096;

/// Bytes that no row claims are left alone for this long: their transaction may still be open.
const GRACE: TimeDelta = TimeDelta::hours(24);

/// The store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    objects: Arc<LocalFileSystem>,
    directory: PathBuf,
    seats: Seats,
}

/// A file that was taken in whole and found acceptable, and that has no row yet. Either [`crate::keep`] it or give it
/// to [`Store::discard`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Its name, cleaned.
    pub name: String,
    /// What it is.
    pub media_type: MediaType,
    /// How large it is.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    pub(crate) organization: OrganizationId,
    pub(crate) storage_key: String,
}

impl Store {
    /// Opens the store in `directory`, which is made readable for its owner alone if it is not there.
    pub fn open(directory: &Path) -> Result<Self, FileError> {
        use std::os::unix::fs::DirBuilderExt;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        let objects = LocalFileSystem::new_with_prefix(directory)?.with_fsync(true);
        Ok(Self { objects: Arc::new(objects), directory: directory.canonicalize()?, seats: Seats::new() })
    }

    /// Where the bytes are, for backup and restore.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Takes a file in, of at most `most_bytes`, and looks at it. Whatever is wrong with it, nothing of it stays;
    /// the same when this future is dropped halfway.
    pub async fn receive<S, E>(
        &self,
        organization: OrganizationId,
        original_name: &str,
        content: S,
        most_bytes: u64,
    ) -> Result<Received, FileError>
    where
        S: Stream<Item = Result<Bytes, E>>,
        E: Display,
    {
        let name = names::clean(original_name);
        let media_type = MediaType::of_name(&name).ok_or(Refusal::Extension)?;
        let storage_key = new_key(organization);
        let key = Key::from(storage_key.as_str());
        let taken = if media_type.is_picture() {
            let shown = shown(content, media_type, most_bytes, &self.seats).await?;
            let shown = stream::iter([Ok::<_, FileError>(shown)]);
            self.take_in(&key, shown, media_type, most_bytes).await?
        } else {
            self.take_in(&key, content, media_type, most_bytes).await?
        };
        let received = Received {
            name,
            media_type,
            bytes: taken.bytes,
            sha256: taken.digest.finalize().into(),
            organization,
            storage_key,
        };
        if media_type.is_archive()
            && let Err(refused) = self.look_into(&received).await
        {
            self.discard(&received).await;
            return Err(refused);
        }
        Ok(received)
    }

    /// [`Store::receive`] for code that already has a thread to block: commands, background work, tests.
    pub fn receive_blocking(
        &self,
        organization: OrganizationId,
        original_name: &str,
        content: impl Into<Bytes>,
        most_bytes: u64,
    ) -> Result<Received, FileError> {
        let content = stream::iter([Ok::<Bytes, FileError>(content.into())]);
        block_on(self.receive(organization, original_name, content, most_bytes))?
    }

    async fn take_in<S, E>(
        &self,
        key: &Key,
        content: S,
        media_type: MediaType,
        most_bytes: u64,
    ) -> Result<Taken, FileError>
    where
        S: Stream<Item = Result<Bytes, E>>,
        E: Display,
    {
        // Dropping an upload that was not completed removes its staging file.
        let mut upload = self.objects.put_multipart(key).await?;
        let taken = match fill(upload.as_mut(), content, media_type, most_bytes).await {
            Ok(taken) => taken,
            Err(error) => {
                upload.abort().await?;
                return Err(error);
            }
        };
        upload.complete().await?;
        Ok(taken)
    }

    async fn look_into(&self, file: &Received) -> Result<(), FileError> {
        let seat = self.seats.seat().await?;
        let key = Key::from(file.storage_key.as_str());
        let tail = self.objects.get_range(&key, file.bytes.saturating_sub(archive::TAIL)..file.bytes).await?;
        let directory = archive::locate(&tail, file.bytes)?;
        let table = if directory.bytes == 0 {
            Bytes::new()
        } else {
            self.objects.get_range(&key, directory.offset..directory.offset + directory.bytes).await?
        };
        archive::check(&table, &directory, file.media_type, file.bytes)?;
        if file.media_type != MediaType::Zip {
            return Ok(());
        }
        let (objects, bytes, entries) = (Arc::clone(&self.objects), file.bytes, directory.entries);
        // Unpacking takes a while, and others wait on this thread.
        seat.run(move || inside::check(StoredBytes::from_beginning(objects, key, bytes)?, entries)).await?
    }

    /// Removes the bytes of a file that got no row. A failure is logged and left to [`sweep`].
    pub async fn discard(&self, file: &Received) {
        if let Err(error) = self.objects.delete(&Key::from(file.storage_key.as_str())).await {
            log::warn!("bytes without a row stay until the next sweep: {error}");
        }
    }

    /// Reads a file from its beginning.
    pub async fn read(&self, file: &StoredFile) -> Result<ByteStream, FileError> {
        let found = self.objects.get(&Key::from(file.storage_key.as_str())).await?;
        Ok(found.into_stream().map(|part| part.map_err(FileError::from)).boxed())
    }

    /// A whole file of at most `most_bytes` in memory.
    pub async fn read_all(&self, file: &StoredFile, most_bytes: u64) -> Result<Bytes, FileError> {
        if file.bytes > most_bytes {
            return Err(FileError::TooLarge { most_bytes });
        }
        let found = self.objects.get(&Key::from(file.storage_key.as_str())).await?;
        Ok(found.bytes().await?)
    }

    /// [`Store::read_all`] for code that already has a thread to block.
    pub fn read_blocking(&self, file: &StoredFile, most_bytes: u64) -> Result<Bytes, FileError> {
        block_on(self.read_all(file, most_bytes))?
    }

    /// A file read piece by piece by code that has a thread to block; at no time is more than a piece in memory.
    pub fn open_blocking(&self, file: &StoredFile) -> Result<StoredBytes, FileError> {
        let key = Key::from(file.storage_key.as_str());
        StoredBytes::from_beginning(Arc::clone(&self.objects), key, file.bytes)
    }

    /// The keys of a town's objects last written before `cutoff`.
    async fn keys_before(
        &self,
        organization: OrganizationId,
        cutoff: DateTime<Utc>,
    ) -> Result<Vec<String>, FileError> {
        let mut objects = self.objects.list(Some(&Key::from(folder(organization))));
        let mut keys = Vec::new();
        while let Some(object) = objects.next().await {
            let object = object?;
            if object.last_modified < cutoff {
                keys.push(object.location.to_string());
            }
        }
        Ok(keys)
    }
}

/// The bytes of a stored file, wherever in it they are asked for.
#[derive(Debug)]
pub struct StoredBytes {
    objects: Arc<LocalFileSystem>,
    key: Key,
    bytes: u64,
    at: u64,
    /// What was read and not yet given: the bytes from `at` on.
    piece: Bytes,
    runtime: tokio::runtime::Runtime,
}

impl StoredBytes {
    fn from_beginning(objects: Arc<LocalFileSystem>, key: Key, bytes: u64) -> Result<Self, FileError> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        Ok(Self { objects, key, bytes, at: 0, piece: Bytes::new(), runtime })
    }
}

impl Read for StoredBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.piece.is_empty() && self.at < self.bytes {
            let end = self.bytes.min(self.at + PART_BYTES as u64);
            let asked = self.objects.get_range(&self.key, self.at..end);
            self.piece = self.runtime.block_on(asked).map_err(io::Error::other)?;
        }
        let given = self.piece.split_to(self.piece.len().min(buffer.len()));
        if let Some(room) = buffer.get_mut(..given.len()) {
            room.copy_from_slice(&given);
        }
        self.at += given.len() as u64;
        Ok(given.len())
    }
}

impl Seek for StoredBytes {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(back) => self.bytes.checked_add_signed(back),
            SeekFrom::Current(further) => self.at.checked_add_signed(further),
        };
        let place = place.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        if place != self.at {
            self.at = place;
            self.piece = Bytes::new();
        }
        Ok(place)
    }
}

/// What has come in so far.
struct Taken {
    bytes: u64,
    digest: Sha256,
    head: Vec<u8>,
    text: Option<TextCheck>,
}

impl Taken {
    fn take(&mut self, part: &Bytes, most_bytes: u64) -> Result<(), FileError> {
        self.bytes += part.len() as u64;
        if self.bytes > most_bytes {
            return Err(FileError::TooLarge { most_bytes });
        }
        self.digest.update(part);
        let missing = HEAD_BYTES.saturating_sub(self.head.len());
        self.head.extend(part.iter().take(missing));
        if let Some(text) = &mut self.text {
            text.take(part);
        }
        Ok(())
    }

    /// Whether the content is what the name said.
    fn is(&mut self, media_type: MediaType) -> Result<(), Refusal> {
        if self.bytes == 0 {
            return Err(Refusal::Empty);
        }
        if let Some(text) = self.text.take() {
            text.finish().map_err(|line| Refusal::Encoding { line })?;
        }
        if media_type.begins_like(&self.head) { Ok(()) } else { Err(Refusal::Content) }
    }
}

async fn fill<S, E>(
    upload: &mut dyn MultipartUpload,
    content: S,
    media_type: MediaType,
    most_bytes: u64,
) -> Result<Taken, FileError>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Display,
{
    let text = media_type.is_text().then(TextCheck::new);
    let mut taken = Taken { bytes: 0, digest: Sha256::new(), head: Vec::new(), text };
    let mut waiting = BytesMut::new();
    let mut content = pin!(content);
    while let Some(part) = content.next().await {
        let part = part.map_err(|error| FileError::BrokenOff(error.to_string()))?;
        taken.take(&part, most_bytes)?;
        waiting.extend_from_slice(&part);
        if waiting.len() >= PART_BYTES {
            upload.put_part(PutPayload::from(waiting.split().freeze())).await?;
        }
    }
    taken.is(media_type)?;
    upload.put_part(PutPayload::from(waiting.freeze())).await?;
    Ok(taken)
}

/// A picture as it looks, without what its camera noted in it. It is in memory as a whole meanwhile.
async fn shown<S, E>(
    content: S,
    media_type: MediaType,
    most_bytes: u64,
    seats: &Seats,
) -> Result<Bytes, FileError>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Display,
{
    let mut file = Vec::new();
    let mut content = pin!(content);
    while let Some(part) = content.next().await {
        file.extend_from_slice(&part.map_err(|error| FileError::BrokenOff(error.to_string()))?);
        if file.len() as u64 > most_bytes {
            return Err(FileError::TooLarge { most_bytes });
        }
    }
    if file.is_empty() {
        return Err(Refusal::Empty.into());
    }
    if !media_type.begins_like(&file) {
        return Err(Refusal::Content.into());
    }
    // Only now: whoever sends slowly holds no seat meanwhile.
    let seat = seats.seat().await?;
    Ok(seat.run(move || pictures::without_traces(media_type, file)).await??.into())
}

/// Removes the bytes of a town that have had no row for a day, and staging files that old; says how many. For a
/// daily task.
pub async fn sweep(store: &Store, db: &Db, organization: OrganizationId) -> Result<usize, FileError> {
    let scope = Scope::system(organization);
    let cutoff = db.run(scope, |tx| Ok::<_, FileError>(tx.now() - GRACE)).await?;
    let keys = store.keys_before(organization, cutoff).await?;
    let mut removed = remove_staged(store.directory.join(folder(organization)), cutoff).await?;
    for some in keys.chunks(500) {
        let some = some.to_vec();
        let unclaimed = db.run(scope, move |tx| Ok::<_, FileError>(stored::unclaimed(tx, some)?)).await?;
        for key in unclaimed {
            store.objects.delete(&Key::from(key.as_str())).await?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// [`sweep`] for code that already has a thread to block.
pub fn sweep_blocking(store: &Store, db: &Db, organization: OrganizationId) -> Result<usize, FileError> {
    block_on(sweep(store, db, organization))?
}

/// Staging files (`KEY#1`) of a process that was killed; the object store hides them.
async fn remove_staged(folder: PathBuf, cutoff: DateTime<Utc>) -> Result<usize, FileError> {
    let removal = tokio::task::spawn_blocking(move || {
        let mut removed = 0;
        for shelf in entries(&folder)? {
            for file in entries(&shelf.path())? {
                let staged = file.file_name().as_encoded_bytes().contains(&b'#');
                if staged && file.metadata()?.modified()? < SystemTime::from(cutoff) {
                    std::fs::remove_file(file.path())?;
                    removed += 1;
                }
            }
        }
        Ok(removed)
    });
    removal.await.map_err(|error| FileError::Storage(error.to_string()))?
}

fn entries(folder: &Path) -> Result<Vec<std::fs::DirEntry>, io::Error> {
    match std::fs::read_dir(folder) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn folder(organization: OrganizationId) -> String {
    format!("{:x}", organization.0)
}

/// 128 random bits below the town's folder, in 256 shelves.
#[expect(clippy::expect_used, reason = "a predictable key could overwrite somebody's file")]
fn new_key(organization: OrganizationId) -> String {
    let number = getrandom::u64().expect("the operating system gives random numbers");
    let more = getrandom::u64().expect("the operating system gives random numbers");
    format!("{}/{:02x}/{number:016x}{more:016x}", folder(organization), number >> 56)
}

/// A runtime of its own for a caller who has none.
fn block_on<T>(work: impl Future<Output = T>) -> Result<T, FileError> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(work))
}
