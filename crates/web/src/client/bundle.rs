//! `GET /delivery/files.zip`: everything a delivery holds in one download, a folder for each unit. It is written while it
//! is sent, so a delivery of any size takes the memory of a few chunks.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::rc::Rc;

use ::files::{Store, StoredFile};
use actix_web::HttpResponse;
use actix_web::http::header::{self, ContentEncoding};
use bytes::Bytes;
use fulfillment::acceptance::{self, ClientUnit};
use futures_util::{StreamExt as _, stream};
use kernel::FileId;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, Receiver, Sender};
use zip::ZipWriter;
use zip::write::{SimpleFileOptions, StreamWriter};

use super::link;
use crate::call::Call;
use crate::failure::Failure;
use crate::orders::parts;
use crate::phrases::said;

/// Written and not yet taken by the connection.
const CHUNKS_AHEAD: usize = 4;
/// What is gathered before it counts as a chunk.
const CHUNK_BYTES: usize = 64 * 1024;
/// Characters that file systems refuse or read as a folder.
const UNFIT: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];
/// File systems allow 255 bytes, which is as many characters of three bytes.
const LONGEST_NAME: usize = 80;

/// `GET /delivery/files.zip`
pub(crate) async fn download(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let answer = send(&call).await;
    link::friendly(&call, answer)
}

async fn send(call: &Call) -> Result<HttpResponse, Failure> {
    let (view, stored) = link::run(call, acceptance::download_all).await?;
    let entries = entries(call, &view.units, stored);
    if entries.is_empty() {
        return Err(Failure::not_found());
    }
    let words = [("number", view.number.to_string()), ("title", view.order_title)];
    let name = said(call, "client-zip", words.each_ref().map(|(name, text)| (*name, text.as_str())));
    let (store, (sender, receiver)) = (call.app.files.clone(), mpsc::channel(CHUNKS_AHEAD));
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        if let Err(error) = write(&runtime, &store, entries, &sender) {
            // The connection ends without the last chunk, so that nobody takes half an archive for all of it.
            let _gone = sender.blocking_send(Err(error));
        }
    });
    Ok(HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header((
            header::CONTENT_DISPOSITION,
            ::files::content_disposition(&format!("{}.zip", fit(&name))),
        ))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // Its parts are compressed already.
        .insert_header(ContentEncoding::Identity)
        .streaming(chunks(receiver)))
}

fn chunks(receiver: Receiver<io::Result<Bytes>>) -> impl stream::Stream<Item = io::Result<Bytes>> {
    stream::unfold(
        receiver,
        |mut receiver| async move { receiver.recv().await.map(|chunk| (chunk, receiver)) },
    )
}

/// A file of the archive with its path.
#[derive(Debug)]
struct Entry {
    path: String,
    content: Content,
}

#[derive(Debug)]
enum Content {
    File(StoredFile),
    Text(String),
}

/// A folder for each unit with what it brought, and no path twice.
fn entries(call: &Call, units: &[ClientUnit], mut stored: HashMap<FileId, StoredFile>) -> Vec<Entry> {
    let (mut folders, mut paths, mut entries) = (HashSet::new(), HashSet::new(), Vec::new());
    for unit in units {
        let folder = once(&mut folders, &fit(&parts::unit_name(call, &unit.job_title, &unit.label)));
        let mut add = |name: &str, content| {
            let path = once(&mut paths, &format!("{folder}/{}", fit(name)));
            entries.push(Entry { path, content });
        };
        if !unit.text.is_empty() {
            add(&call.text("client-zip-text"), Content::Text(unit.text.clone()));
        }
        for file in unit.files.iter().filter_map(|file| stored.remove(&file.file)) {
            add(&file.name.clone(), Content::File(file));
        }
    }
    entries
}

/// A name that every file system takes.
fn fit(name: &str) -> String {
    let fitting = |one: char| if one.is_control() || UNFIT.contains(&one) { '_' } else { one };
    let whole: String = name.chars().map(fitting).collect();
    let (stem, kind) = match whole.rsplit_once('.') {
        Some((stem, kind)) if !stem.is_empty() && kind.len() <= 8 => (stem, format!(".{kind}")),
        _ => (whole.as_str(), String::new()),
    };
    let short: String = stem.chars().take(LONGEST_NAME).collect();
    let name = format!("{short}{kind}");
    let name = name.trim_matches([' ', '.']);
    if name.is_empty() { "_".to_owned() } else { name.to_owned() }
}

/// `path`, or `path (2)` and so on where it is taken; some file systems know no capitals.
fn once(taken: &mut HashSet<String>, path: &str) -> String {
    let (stem, kind) = match path.rsplit_once('.') {
        Some((stem, kind)) if !kind.contains('/') && !stem.is_empty() => (stem, format!(".{kind}")),
        _ => (path, String::new()),
    };
    let others = (2..).map(|number| format!("{stem} ({number}){kind}"));
    let mut all = std::iter::once(path.to_owned()).chain(others);
    all.find(|one| taken.insert(one.to_lowercase())).unwrap_or_default()
}

/// Writes the archive into the channel, as fast as it is taken.
fn write(
    runtime: &Handle,
    store: &Store,
    entries: Vec<Entry>,
    sender: &Sender<io::Result<Bytes>>,
) -> io::Result<()> {
    let mut archive = ZipWriter::new_stream(Chunked { sender, gathered: Vec::new() });
    for entry in entries {
        archive.start_file(entry.path, SimpleFileOptions::default())?;
        match entry.content {
            Content::Text(text) => archive.write_all(text.as_bytes())?,
            Content::File(file) => copy(runtime, store, &file, &mut archive)?,
        }
    }
    archive.finish()?.into_inner().flush()
}

type Archive<'c> = ZipWriter<StreamWriter<Chunked<'c>>>;

fn copy(runtime: &Handle, store: &Store, file: &StoredFile, archive: &mut Archive<'_>) -> io::Result<()> {
    let mut bytes = runtime.block_on(store.read(file)).map_err(io::Error::other)?;
    while let Some(part) = runtime.block_on(bytes.next()) {
        archive.write_all(&part.map_err(io::Error::other)?)?;
    }
    Ok(())
}

/// What is written goes out in chunks; once nobody takes them, writing ends.
struct Chunked<'c> {
    sender: &'c Sender<io::Result<Bytes>>,
    gathered: Vec<u8>,
}

impl Write for Chunked<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= CHUNK_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let chunk = Bytes::from(std::mem::take(&mut self.gathered));
        if chunk.is_empty() {
            return Ok(());
        }
        self.sender.blocking_send(Ok(chunk)).map_err(|_gone| io::ErrorKind::BrokenPipe.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_every_file_system_and_none_comes_twice() {
        assert_eq!(fit("商品 A/B: 一覧?.csv"), "商品 A_B_ 一覧_.csv");
        assert_eq!(fit("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(fit(" . "), "_");
        assert_eq!(fit(&format!("{}.csv", "あ".repeat(300))).chars().count(), LONGEST_NAME + 4);
        let mut taken = HashSet::new();
        let paths = ["a/x.csv", "a/X.csv", "a/x.csv", "b/x.csv"].map(|path| once(&mut taken, path));
        assert_eq!(paths, ["a/x.csv", "a/X (2).csv", "a/x (3).csv", "b/x.csv"]);
    }

    #[test]
    fn an_archive_is_read_again_and_half_of_one_is_not() {
        let (sender, mut receiver) = mpsc::channel(1000);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).unwrap();
        let text = "本文。".repeat(50_000);
        let entry = |path: &str| Entry { path: path.to_owned(), content: Content::Text(text.clone()) };
        write(runtime.handle(), &store, vec![entry("単位 1/本文.txt"), entry("単位 2/本文.txt")], &sender)
            .unwrap();
        drop(sender);
        let mut whole = Vec::new();
        while let Some(chunk) = receiver.blocking_recv() {
            whole.extend_from_slice(&chunk.unwrap());
        }
        let half = whole[..whole.len() / 2].to_vec();
        assert!(zip::ZipArchive::new(io::Cursor::new(half)).is_err());
        let mut archive = zip::ZipArchive::new(io::Cursor::new(whole)).unwrap();
        assert_eq!(archive.len(), 2);
        let read = io::read_to_string(archive.by_name("単位 2/本文.txt").unwrap()).unwrap();
        assert_eq!(read, text);
    }
}
