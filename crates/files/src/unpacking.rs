//! What is in an archive that was taken in: its files, without its folders. Whoever calls has had the archive's table of
//! contents checked by taking it in ([`crate::Store::receive`]); what the table claims is held against what comes out.

use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read as _};

use encoding_rs::SHIFT_JIS;

use crate::ArchiveProblem;

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpacked {
    /// Its name, without the folders it lay in unless another file is called alike.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Unpacks at most so many files of together at most so many bytes, in the archive's order. What systems add by themselves
/// (names that begin with a dot, `__MACOSX`, thumbnails) is passed over.
pub fn unpack(archive: &[u8], most_files: usize, most_bytes: u64) -> Result<Vec<Unpacked>, ArchiveProblem> {
    let damaged = |_cause| ArchiveProblem::Damaged;
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).map_err(damaged)?;
    let (mut files, mut paths, mut left) = (Vec::new(), Vec::new(), most_bytes);
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(damaged)?;
        let path = decoded(entry.name_raw());
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
        if entry.is_dir() || name.is_empty() || name.starts_with('.') || is_clutter(&path) {
            continue;
        }
        if files.len() == most_files {
            return Err(ArchiveProblem::TooManyEntries);
        }
        let mut bytes = Vec::new();
        entry.by_ref().take(left + 1).read_to_end(&mut bytes).map_err(|_cut_off| ArchiveProblem::Damaged)?;
        left = u64::try_from(bytes.len())
            .ok()
            .and_then(|taken| left.checked_sub(taken))
            .ok_or(ArchiveProblem::Bomb)?;
        paths.push(path.clone());
        files.push(Unpacked { name: name.to_owned(), bytes });
    }
    tell_apart(&mut files, &paths);
    Ok(files)
}

/// Files of one name out of several folders get their folders' names as well, and a number where that is not enough.
fn tell_apart(files: &mut [Unpacked], paths: &[String]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for file in files.iter() {
        *counts.entry(file.name.clone()).or_default() += 1;
    }
    let mut taken: HashSet<String> = HashSet::new();
    for (file, path) in files.iter_mut().zip(paths) {
        if counts.get(&file.name).is_some_and(|count| *count > 1) {
            file.name = path.split(['/', '\\']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
        }
        let (stem, extension) = file.name.rsplit_once('.').unwrap_or((&file.name, ""));
        let numbered = (2..).map(|number| format!("{stem}_{number}.{extension}"));
        let free = std::iter::once(file.name.clone()).chain(numbered).find(|name| !taken.contains(name));
        file.name = free.unwrap_or_default();
        taken.insert(file.name.clone());
    }
}

/// What systems put into folders by themselves.
pub(crate) fn is_clutter(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini")
        || (path.starts_with("__MACOSX/") && name.starts_with("._"))
}

/// Archives made on Windows in Japan name their files in CP932 and do not say so.
pub(crate) fn decoded(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_other) => SHIFT_JIS.decode_without_bom_handling(name).0.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::write::SimpleFileOptions;

    use super::*;

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn files_come_in_their_order_without_folders_and_without_what_systems_add() {
        let archive = packed(&[
            ("原稿/2ページ.txt", b"two"),
            ("原稿/1ページ.txt", b"one"),
            ("原稿/.DS_Store", b"x"),
            ("__MACOSX/原稿/._1ページ.txt", b"x"),
        ]);
        let files = unpack(&archive, 10, 100).unwrap();
        let shown: Vec<_> = files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())).collect();
        assert_eq!(shown, [("2ページ.txt", b"two".as_slice()), ("1ページ.txt", b"one".as_slice())]);
    }

    #[test]
    fn files_of_one_name_are_told_apart_by_their_folders() {
        let archive = packed(&[
            ("4月/名簿.csv", b"1"),
            ("5月/名簿.csv", b"2"),
            ("4月/一覧.csv", b"3"),
            ("4月_名簿.csv", b"4"),
        ]);
        let names: Vec<String> =
            unpack(&archive, 10, 100).unwrap().into_iter().map(|file| file.name).collect();
        assert_eq!(names, ["4月_名簿.csv", "5月_名簿.csv", "一覧.csv", "4月_名簿_2.csv"]);
    }

    #[test]
    fn names_of_windows_in_japan_are_read() {
        assert_eq!(decoded(&SHIFT_JIS.encode("台帳１.pdf").0), "台帳１.pdf");
        assert_eq!(decoded("台帳１.pdf".as_bytes()), "台帳１.pdf");
    }

    #[test]
    fn more_than_is_wanted_is_refused() {
        let archive = packed(&[("a.txt", b"12345"), ("b.txt", b"67890")]);
        assert_eq!(unpack(&archive, 1, 100).unwrap_err(), ArchiveProblem::TooManyEntries);
        assert_eq!(unpack(&archive, 2, 9).unwrap_err(), ArchiveProblem::Bomb);
        assert_eq!(unpack(&archive, 2, 10).unwrap().len(), 2);
        assert_eq!(unpack(b"PK\x03\x04", 2, 10).unwrap_err(), ArchiveProblem::Damaged);
    }
}
