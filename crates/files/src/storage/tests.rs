//! Taking files in, among them those sent to do harm.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use kernel::{Code, Coded};
use tempfile::TempDir;

use super::*;
use crate::ArchiveProblem;
use crate::archive::tests::{Claim, archive, claim};

const TOWN: OrganizationId = OrganizationId(26);

fn store() -> (Store, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    (Store::open(&directory.path().join("a b/結")).unwrap(), directory)
}

/// Every file below the store, staging files too.
fn files_in(folder: &Path) -> usize {
    let below = entries(folder).unwrap();
    below.iter().map(|entry| if entry.path().is_dir() { files_in(&entry.path()) } else { 1 }).sum()
}

fn refused(name: &str, content: &[u8]) -> FileError {
    let (store, _directory) = store();
    let error = store.receive_blocking(TOWN, name, content.to_vec(), 1_000_000).unwrap_err();
    assert_eq!(files_in(store.directory()), 0, "{name} left something behind");
    error
}

#[test]
fn content_of_the_named_kind_comes_in_with_size_and_digest() {
    let (store, _directory) = store();
    let received = store.receive_blocking(TOWN, "納品.txt", "abc", 3).unwrap();
    assert_eq!((received.bytes, received.media_type), (3, MediaType::PlainText));
    assert_eq!(received.sha256[..4], [0xba, 0x78, 0x16, 0xbf]);
    assert!(received.storage_key.starts_with("1a/") && received.storage_key.len() == 3 + 3 + 32);
    let stored = store.directory().join(&received.storage_key);
    assert_eq!(std::fs::read(stored).unwrap(), b"abc");
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode("名前,読み\r\n髙橋,ﾀｶﾊｼ\r\n");
    store.receive_blocking(TOWN, "一覧.csv", cp932.into_owned(), 100).unwrap();
    store.receive_blocking(TOWN, "資料.zip", archive(&[claim("a.txt")]), 1_000).unwrap();
    let parts = ["[Content_Types].xml", "xl/workbook.xml"].map(claim);
    let sheet = store.receive_blocking(TOWN, "見積.XLSX", archive(&parts), 1_000).unwrap();
    assert_eq!(sheet.media_type, MediaType::Xlsx);
    store.receive_blocking(TOWN, "x.pdf", &b"%PDF-1.7\n"[..], 100).unwrap();
}

#[test]
fn a_picture_is_kept_without_what_its_camera_noted() {
    let (store, _directory) = store();
    let (noted, bare) = pictures::tests::noted_and_bare();
    for bytes in [noted, bare.clone()] {
        let received = store.receive_blocking(TOWN, "手元.png", bytes, 1_000).unwrap();
        assert_eq!((received.bytes, received.media_type), (bare.len() as u64, MediaType::Png));
        assert_eq!(received.sha256, <[u8; 32]>::from(Sha256::digest(&bare)), "of what is kept");
        let stored = store.directory().join(&received.storage_key);
        assert_eq!(std::fs::read(stored).unwrap(), bare);
    }
}

#[test]
fn content_that_is_not_what_its_name_says_is_refused() {
    for (name, content) in [
        ("x.pdf", &b"<!DOCTYPE html><script>alert(1)</script>"[..]),
        ("x.png", b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"),
        ("x.jpg", b"%PDF-1.7"),
        ("x.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("x.zip", b"Rar!\x1a\x07\x01\0"),
        ("x.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ] {
        let error = refused(name, content);
        assert_eq!(error.code(), Code::FileBroken, "{name}");
        assert!(matches!(error, FileError::Refused(Refusal::Content)), "{name}: {error}");
    }
    for (name, content, line) in [
        ("x.txt", &b"MZ\x90\0\x03\0\0\0"[..], Some(1)),
        ("x.csv", b"a,b\n1,\0\n", Some(2)),
        ("x.csv", b"\xff\xfea\0,\0\0\0", None),
    ] {
        let error = refused(name, content);
        let found = matches!(error, FileError::Refused(Refusal::Encoding { line: found }) if found == line);
        assert!(found && error.code() == Code::FileKind, "{name}: {error}");
    }
    for name in ["x.pdf", "x.txt", "x.png"] {
        let error = refused(name, b"");
        assert!(matches!(error, FileError::Refused(Refusal::Empty)), "{name}: {error}");
        assert_eq!(error.code(), Code::FileEmpty, "{name}");
    }
}

#[test]
fn extensions_that_are_not_listed_are_refused_unread() {
    for name in
        ["x.exe", "x.html", "x.svg", "x.pdf.exe", "x.xlsm", "x", ".pdf", "", "../", "x.pdf\u{202e}exe.js"]
    {
        let error = refused(name, b"%PDF-1.7");
        assert!(matches!(error, FileError::Refused(Refusal::Extension)), "{name}: {error}");
    }
}

#[test]
fn unsafe_archives_are_refused_and_gone() {
    let bomb = Claim { unpacked: 900 * 1024 * 1024, ..claim("[Content_Types].xml") };
    for (name, content, problem) in [
        ("x.zip", archive(std::slice::from_ref(&bomb)), ArchiveProblem::Bomb),
        ("x.xlsx", archive(&[bomb, claim("xl/workbook.xml")]), ArchiveProblem::Bomb),
        ("x.zip", archive(&[claim("inner.zip")]), ArchiveProblem::Nested),
        ("x.zip", archive(&[claim("../../x")]), ArchiveProblem::Escape),
        ("x.docx", archive(&[claim("a.txt")]), ArchiveProblem::NotTheDocument),
        ("x.zip", b"PK\x03\x04 and nothing more".to_vec(), ArchiveProblem::Damaged),
    ] {
        let error = refused(name, &content);
        let is_broken = matches!(problem, ArchiveProblem::Damaged | ArchiveProblem::NotTheDocument);
        assert_eq!(error.code(), if is_broken { Code::FileBroken } else { Code::FileUnsafe });
        assert!(matches!(error, FileError::Refused(Refusal::Archive(found)) if found == problem), "{error}");
    }
}

#[test]
fn an_archive_with_a_program_in_it_is_refused_and_gone() {
    let error = refused("納品.zip", &archive(&[claim("一覧.txt"), claim("入力.exe")]));
    assert_eq!(error.code(), Code::FileUnsafe);
    let FileError::Inside { name, problem } = error else { panic!("{error}") };
    assert_eq!((name.as_str(), problem), ("入力.exe", Refusal::Extension));
}

#[test]
fn what_is_looked_into_waits_for_a_seat_and_leaves_nothing_where_there_is_none() {
    let (mut store, _directory) = store();
    store.seats = crate::seats::tests::none();
    let (picture, _bare) = pictures::tests::noted_and_bare();
    let parts = ["[Content_Types].xml", "xl/workbook.xml"].map(claim);
    for (name, content) in
        [("x.zip", archive(&[claim("a.txt")])), ("x.xlsx", archive(&parts)), ("x.png", picture)]
    {
        let error = store.receive_blocking(TOWN, name, content, 1_000_000).unwrap_err();
        assert!(matches!(error, FileError::Busy) && error.code() == Code::Busy, "{name}: {error}");
        assert_eq!(files_in(store.directory()), 0, "{name}");
    }
    store.receive_blocking(TOWN, "x.txt", "abc", 3).unwrap();
}

#[test]
fn one_byte_too_many_ends_the_upload_there() {
    let (store, _directory) = store();
    let read = Rc::new(RefCell::new(0_u64));
    let counter = read.clone();
    let endless = stream::repeat_with(move || {
        *counter.borrow_mut() += 1024;
        Ok::<_, FileError>(Bytes::from_static(&[b'a'; 1024]))
    });
    let error = block_on(store.receive(TOWN, "endless.txt", endless, 1_000_000)).unwrap().unwrap_err();
    assert!(matches!(error, FileError::TooLarge { most_bytes: 1_000_000 }));
    assert_eq!(error.code(), Code::TooLarge);
    assert!(*read.borrow() <= 1_001_024, "nothing is read past the limit");
    assert_eq!(files_in(store.directory()), 0);
}

#[test]
fn an_upload_that_breaks_off_leaves_nothing() {
    let (store, _directory) = store();
    let parts = vec![Ok(Bytes::from(vec![b'a'; 990_000])), Err("connection reset")];
    let error = block_on(store.receive(TOWN, "x.txt", stream::iter(parts), 1_000_000)).unwrap().unwrap_err();
    assert!(matches!(error, FileError::BrokenOff(_)));
    assert_eq!(files_in(store.directory()), 0);
}

#[test]
fn an_upload_whose_request_is_dropped_leaves_nothing() {
    let (store, _directory) = store();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let first = stream::iter([Ok::<_, FileError>(Bytes::from(vec![b'a'; 990_000]))]);
        let mut upload = Box::pin(store.receive(TOWN, "x.txt", first.chain(stream::pending()), 1_000_000));
        // Until the staging file is there and its first part on the way.
        poll_fn(|context| {
            assert!(upload.as_mut().poll(context).is_pending());
            if files_in(store.directory()) == 1 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        drop(upload);
        // The removal runs on a thread of its own.
        while files_in(store.directory()) > 0 {
            tokio::task::yield_now().await;
        }
    });
}

#[test]
fn large_files_come_in_many_small_parts() {
    let (store, _directory) = store();
    let line = "一行の本文\n".repeat(100);
    let parts = (0..3_000).map(|_| Ok::<_, FileError>(Bytes::from(line.clone())));
    let total = line.len() as u64 * 3_000;
    let received = block_on(store.receive(TOWN, "大.txt", stream::iter(parts), total)).unwrap().unwrap();
    assert_eq!(received.bytes, total);
    let stored = std::fs::read(store.directory().join(&received.storage_key)).unwrap();
    assert_eq!(<[u8; 32]>::from(Sha256::digest(&stored)), received.sha256);
    block_on(store.discard(&received)).unwrap();
    assert_eq!(files_in(store.directory()), 0);
}

#[test]
fn nobody_else_on_the_machine_looks_into_the_store() {
    use std::os::unix::fs::PermissionsExt;
    let (store, _directory) = store();
    let mode = std::fs::metadata(store.directory()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}
