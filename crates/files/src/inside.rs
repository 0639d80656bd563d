//! What is inside an archive: each file in it is held to what is asked of a file that comes alone, or an archive would be the
//! way around that.
//!
//! Invariant: no archive is kept with a file in it that would be refused alone
//! (`what_would_be_refused_alone_is_refused_in_an_archive`). Its table of contents was looked at before
//! ([`crate::archive`]), so what comes out is bounded by what that claims.

use std::io::{Read, Seek, SeekFrom};

use zip::ZipArchive;

use crate::error::{FileError, Refusal};
use crate::text::TextCheck;
use crate::unpacking::{decoded, is_beside, is_clutter};
use crate::{ArchiveProblem, MediaType, archive, names};

/// How much of the beginning of each file is looked at.
const HEAD_BYTES: u64 = 4096;
/// The largest office document that is looked into; it is in memory meanwhile.
const MOST_DOCUMENT_BYTES: u64 = 64 * 1024 * 1024;
/// What a Mac keeps beside each file (`AppleDouble`, RFC 1740) begins with this.
const BESIDE_ON_A_MAC: &[u8] = b"\0\x05\x16\x07";
/// The bytes of a local header before its name (PKWARE APPNOTE 4.3.7).
const LOCAL_HEADER_BYTES: usize = 30;

/// Looks at every file of an archive of so many entries.
pub(crate) fn check(mut file: impl Read + Seek, entries: usize) -> Result<(), FileError> {
    let mut archive = ZipArchive::new(&mut file).map_err(|_cause| ArchiveProblem::Damaged)?;
    if archive.len() != entries {
        // Two entries of one name: which of them comes out depends on who unpacks it.
        return Err(ArchiveProblem::Damaged.into());
    }
    let mut places = Vec::with_capacity(entries);
    for index in 0..entries {
        let mut entry = archive.by_index(index).map_err(|_cause| ArchiveProblem::Damaged)?;
        places.push((entry.header_start(), entry.name_raw().to_vec()));
        if entry.is_dir() {
            continue;
        }
        let (path, bytes) = (decoded(entry.name_raw()), entry.size());
        look(&path, &mut entry, bytes)
            .map_err(|problem| FileError::Inside { name: names::clean(&path), problem })?;
    }
    for (start, name) in places {
        if !is_called_so(&mut file, start, &name)? {
            return Err(ArchiveProblem::Damaged.into());
        }
    }
    Ok(())
}

/// Whether an entry is called alike in the table of contents and before its own bytes: programs believe either.
fn is_called_so(file: &mut (impl Read + Seek), start: u64, name: &[u8]) -> Result<bool, FileError> {
    let mut header = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    let bytes = (LOCAL_HEADER_BYTES + name.len()) as u64;
    file.by_ref().take(bytes).read_to_end(&mut header)?;
    let length = header.get(26..).and_then(<[u8]>::first_chunk).map(|length| u16::from_le_bytes(*length));
    Ok(length.map(usize::from) == Some(name.len()) && header.get(LOCAL_HEADER_BYTES..) == Some(name))
}

/// Looks at a file that claims to have so many bytes.
fn look(path: &str, content: &mut impl Read, bytes: u64) -> Result<(), Refusal> {
    let name = names::clean(path);
    let mut head = Vec::new();
    read(content, &mut head, HEAD_BYTES)?;
    let is_beside = is_beside(path);
    if is_clutter(path) && (!is_beside || head.starts_with(BESIDE_ON_A_MAC)) {
        return Ok(());
    }
    let kind = MediaType::of_name(&name).ok_or(Refusal::Extension)?;
    if head.is_empty() && kind.is_text() {
        return Ok(());
    }
    if !kind.begins_like(&head) || (kind.is_text() && !TextCheck::is_text_so_far(&head)) {
        return Err(Refusal::Content);
    }
    if kind.is_archive() { look_into(kind, head, content, bytes) } else { Ok(()) }
}

/// Office documents are archives themselves, and may hold macros. There is one copy in memory, of the size that was claimed:
/// the archive's reader gives no byte more.
fn look_into(
    kind: MediaType,
    mut file: Vec<u8>,
    content: &mut impl Read,
    claimed: u64,
) -> Result<(), Refusal> {
    if claimed > MOST_DOCUMENT_BYTES {
        return Err(ArchiveProblem::Bomb.into());
    }
    file.reserve_exact(usize::try_from(claimed).map_or(0, |claimed| claimed.saturating_sub(file.len())));
    read(content, &mut file, MOST_DOCUMENT_BYTES)?;
    let bytes = file.len() as u64;
    if bytes > MOST_DOCUMENT_BYTES {
        return Err(ArchiveProblem::Bomb.into());
    }
    let tail = usize::try_from(archive::TAIL).map_or(0, |tail| file.len().saturating_sub(tail));
    let directory = archive::locate(file.get(tail..).unwrap_or_default(), bytes)?;
    let place = |at: u64| usize::try_from(at).map_err(|_too_far| ArchiveProblem::Damaged);
    let (from, to) = (place(directory.offset)?, place(directory.offset + directory.bytes)?);
    let table = file.get(from..to).ok_or(ArchiveProblem::Damaged)?;
    Ok(archive::check(table, &directory, kind, bytes)?)
}

/// Reads on, at most so many bytes.
fn read(content: &mut impl Read, into: &mut Vec<u8>, most_bytes: u64) -> Result<(), ArchiveProblem> {
    content.take(most_bytes).read_to_end(into).map_err(|_cut_off| ArchiveProblem::Damaged)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::archive::tests::{archive, claim};

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// Which file of an archive is refused, and why.
    fn refused(name: &str, bytes: &[u8]) -> Option<(String, Refusal)> {
        let files = [("納品/一覧.csv", "番号,件名\r\n1,名刺\r\n".as_bytes()), (name, bytes)];
        match check(Cursor::new(packed(&files)), files.len()) {
            Ok(()) => None,
            Err(FileError::Inside { name, problem }) => Some((name, problem)),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn what_may_come_alone_may_come_in_an_archive() {
        let sheet = archive(&["[Content_Types].xml", "xl/workbook.xml"].map(claim));
        let long = "あ".repeat(3_000);
        for (name, bytes) in [
            ("納品/図面.pdf", &b"%PDF-1.7\n"[..]),
            ("納品/見積.xlsx", &sheet),
            ("納品/空.txt", b""),
            ("納品/長い文.txt", long.as_bytes()),
            ("納品/.DS_Store", b"\0\0\0\x01Bud1"),
            ("__MACOSX/納品/._図面.pdf", b"\0\x05\x16\x07\0\x02\0\0"),
            ("納品/._図面", b"\0\x05\x16\x07\0\x02\0\0"),
            ("納品/Thumbs.db", b"\xd0\xcf\x11\xe0"),
        ] {
            assert_eq!(refused(name, bytes), None, "{name}");
        }
    }

    #[test]
    fn what_would_be_refused_alone_is_refused_in_an_archive() {
        let document = |more: &str| archive(&["[Content_Types].xml", "word/document.xml", more].map(claim));
        let macros = document("word/vbaProject.bin");
        for (name, bytes, problem) in [
            ("納品/入力.exe", &b"MZ\x90\0"[..], Refusal::Extension),
            ("納品/入力.EXE. ", b"MZ\x90\0", Refusal::Extension),
            ("納品/一覧.pdf.js", b"alert(1)", Refusal::Extension),
            ("run.bat", b"del *", Refusal::Extension),
            ("run.ps1", b"rm", Refusal::Extension),
            ("ページ.html", b"<script>alert(1)</script>", Refusal::Extension),
            ("報告.docm", &macros, Refusal::Extension),
            ("Makefile", b"all:", Refusal::Extension),
            (".入力.exe", b"MZ\x90\0", Refusal::Extension),
            ("__MACOSX/._入力.exe", b"MZ\x90\0", Refusal::Extension),
            ("納品/._入力.exe", b"MZ\x90\0", Refusal::Extension),
            ("入力.txt", b"MZ\x90\0\x03", Refusal::Content),
            ("入力.pdf", b"MZ\x90\0\x03", Refusal::Content),
            ("報告.docx", &macros, Refusal::Archive(ArchiveProblem::Macros)),
            ("報告.docx", &document("inner.zip"), Refusal::Archive(ArchiveProblem::Nested)),
            ("報告.docx", b"PK\x03\x04 and nothing more", Refusal::Archive(ArchiveProblem::Damaged)),
        ] {
            assert_eq!(refused(name, bytes), Some((names::clean(name), problem)), "{name}");
        }
    }

    #[test]
    fn an_archive_that_says_two_things_is_refused() {
        let honest = archive(&[claim("a.txt")]);
        assert!(check(Cursor::new(honest.clone()), 1).is_ok());
        let mut lies = honest;
        let at = lies.windows(5).position(|bytes| bytes == b"a.txt").unwrap();
        lies.splice(at..at + 5, *b"a.exe");
        let two_names = check(Cursor::new(lies), 1).unwrap_err();
        assert!(matches!(two_names, FileError::Refused(Refusal::Archive(ArchiveProblem::Damaged))));
        let twice = check(Cursor::new(archive(&[claim("a.txt"), claim("a.txt")])), 2).unwrap_err();
        assert!(matches!(twice, FileError::Refused(Refusal::Archive(ArchiveProblem::Damaged))));
    }
}
