//! A look at a ZIP container's table of contents, without unpacking anything: how many entries, how large they say
//! they will be, where they would go. Its own reader, because a general one brings decompressors and an interface
//! for what is wanted least here, opening entries.
//!
//! The sizes are what the archive claims. Whoever unpacks one has to stop where the claim ends.
//! Layout: PKWARE APPNOTE 6.3.10, sections 4.3.12, 4.3.16 and 4.5.3.

use crate::MediaType;

/// The most bytes from the end of the file in which its end record can begin: the record and its longest comment.
pub(crate) const TAIL: u64 = 22 + 65_535;

const MOST_ENTRIES: usize = 5_000;
const MOST_DIRECTORY_BYTES: u64 = 4 * 1024 * 1024;
const MOST_UNPACKED_BYTES: u64 = 1024 * 1024 * 1024;
/// Below this, a high ratio is harmless (an empty sheet packs very well).
const HARMLESS_BYTES: u64 = 10 * 1024 * 1024;
const MOST_RATIO: u64 = 100;
const ARCHIVES: [&str; 14] =
    ["zip", "jar", "7z", "rar", "gz", "tgz", "bz2", "xz", "zst", "tar", "lzh", "cab", "iso", "img"];

/// What makes an archive or an office document unsafe to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveProblem {
    /// The table of contents is missing, cut off or contradicts the file.
    #[error("the archive is damaged")]
    Damaged,
    /// More than 5,000 entries.
    #[error("the archive has more than {MOST_ENTRIES} entries")]
    TooManyEntries,
    /// It would unpack to more than 1 GiB, or to a hundred times its size.
    #[error("the archive unpacks to far more than it is")]
    Bomb,
    /// An archive inside the archive.
    #[error("the archive contains another archive")]
    Nested,
    /// An entry that would be written outside the folder it is unpacked to, or that points somewhere else.
    #[error("the archive contains a path that leaves it")]
    Escape,
    /// Nobody could check what is inside.
    #[error("the archive is encrypted")]
    Encrypted,
    /// Macros in a kind of document that has none.
    #[error("the document contains macros")]
    Macros,
    /// An office document without the parts that make it one.
    #[error("the archive is not the document its name says")]
    NotTheDocument,
}

/// Where the table of contents stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Directory {
    pub(crate) offset: u64,
    pub(crate) bytes: u64,
    pub(crate) entries: usize,
}

/// Finds the table of contents in the end of a file of `file_bytes`.
pub(crate) fn locate(tail: &[u8], file_bytes: u64) -> Result<Directory, ArchiveProblem> {
    let (position, record) = end_record(tail).ok_or(ArchiveProblem::Damaged)?;
    let field16 = |at| u16_at(record, at).ok_or(ArchiveProblem::Damaged);
    let field32 = |at| u32_at(record, at).ok_or(ArchiveProblem::Damaged);
    let one_volume = field16(4)? == 0 && field16(6)? == 0 && field16(8)? == field16(10)?;
    let entries = usize::from(field16(10)?);
    let (bytes, offset) = (u64::from(field32(12)?), u64::from(field32(16)?));
    let record_starts = file_bytes.saturating_sub((tail.len() - position) as u64);
    if !one_volume || offset + bytes > record_starts {
        return Err(ArchiveProblem::Damaged);
    }
    if entries > MOST_ENTRIES || bytes > MOST_DIRECTORY_BYTES {
        return Err(ArchiveProblem::TooManyEntries);
    }
    Ok(Directory { offset, bytes, entries })
}

/// The end record that reaches exactly to the end of the file: nothing may hide behind it.
fn end_record(tail: &[u8]) -> Option<(usize, &[u8])> {
    (0..=tail.len().checked_sub(22)?).rev().find_map(|position| {
        let record = tail.get(position..)?;
        let comment = usize::from(u16_at(record, 20)?);
        (record.starts_with(b"PK\x05\x06") && record.len() == 22 + comment).then_some((position, record))
    })
}

/// Reads the table of contents and finds what is unsafe about it.
pub(crate) fn check(
    table: &[u8],
    directory: &Directory,
    kind: MediaType,
    file_bytes: u64,
) -> Result<(), ArchiveProblem> {
    let mut rest = table;
    let (mut packed, mut unpacked) = (0_u64, 0_u64);
    let (mut has_types, mut has_main) = (false, kind.main_folder().is_none());
    for _entry in 0..directory.entries {
        let entry = Entry::read(&mut rest).ok_or(ArchiveProblem::Damaged)?;
        entry.check(kind)?;
        packed = packed.saturating_add(entry.packed);
        unpacked = unpacked.saturating_add(entry.unpacked);
        has_types |= entry.name == b"[Content_Types].xml";
        has_main |= kind.main_folder().is_some_and(|folder| entry.name.starts_with(folder.as_bytes()));
    }
    if packed > file_bytes {
        // Entries that overlap: the same bytes unpacked many times over.
        return Err(ArchiveProblem::Bomb);
    }
    let far_more = unpacked > HARMLESS_BYTES && unpacked / MOST_RATIO > file_bytes;
    if unpacked > MOST_UNPACKED_BYTES || far_more {
        return Err(ArchiveProblem::Bomb);
    }
    let is_document = has_main && (has_types || kind.main_folder().is_none());
    if is_document { Ok(()) } else { Err(ArchiveProblem::NotTheDocument) }
}

struct Entry<'a> {
    made_by: u16,
    flags: u16,
    packed: u64,
    unpacked: u64,
    attributes: u32,
    name: &'a [u8],
}

impl<'a> Entry<'a> {
    /// Takes the next entry off `rest`.
    fn read(rest: &mut &'a [u8]) -> Option<Self> {
        let header = rest.get(..46).filter(|header| header.starts_with(b"PK\x01\x02"))?;
        let (name_bytes, extra_bytes, comment_bytes) =
            (u16_at(header, 28)?.into(), u16_at(header, 30)?.into(), usize::from(u16_at(header, 32)?));
        let (name, after) = rest.get(46..)?.split_at_checked(name_bytes)?;
        let (extra, after) = after.split_at_checked(extra_bytes)?;
        let (packed, unpacked) = (u32_at(header, 20)?, u32_at(header, 24)?);
        let (unpacked, packed) = large_sizes(extra, unpacked, packed)?;
        *rest = after.get(comment_bytes..)?;
        Some(Self {
            made_by: u16_at(header, 4)?,
            flags: u16_at(header, 8)?,
            packed,
            unpacked,
            attributes: u32_at(header, 38)?,
            name,
        })
    }

    fn check(&self, kind: MediaType) -> Result<(), ArchiveProblem> {
        const ENCRYPTED: u16 = 1;
        const UNIX: u16 = 3;
        const FILE_TYPE: u32 = 0o170_000;
        const REGULAR: u32 = 0o100_000;
        const FOLDER: u32 = 0o040_000;
        if self.flags & ENCRYPTED != 0 {
            return Err(ArchiveProblem::Encrypted);
        }
        let file_type = (self.attributes >> 16) & FILE_TYPE;
        let special = self.made_by >> 8 == UNIX && !matches!(file_type, 0 | REGULAR | FOLDER);
        if special || leaves_its_folder(self.name) {
            return Err(ArchiveProblem::Escape);
        }
        let name = self.name.to_ascii_lowercase();
        let extension = name.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
        if name.contains(&b'.') && ARCHIVES.iter().any(|archive| archive.as_bytes() == extension) {
            return Err(ArchiveProblem::Nested);
        }
        if kind.main_folder().is_some() && name.ends_with(b"vbaproject.bin") {
            return Err(ArchiveProblem::Macros);
        }
        Ok(())
    }
}

/// Sizes that need more than 32 bits, or whose writer was not sure, stand in the extra field 0x0001.
fn large_sizes(mut extra: &[u8], unpacked: u32, packed: u32) -> Option<(u64, u64)> {
    if unpacked != u32::MAX && packed != u32::MAX {
        return Some((unpacked.into(), packed.into()));
    }
    loop {
        let (id, size) = (u16_at(extra, 0)?, usize::from(u16_at(extra, 2)?));
        let (mut field, after) = extra.get(4..)?.split_at_checked(size)?;
        extra = after;
        if id != 1 {
            continue;
        }
        let mut large = |small: u32| {
            if small != u32::MAX {
                return Some(u64::from(small));
            }
            let (number, after) = field.split_first_chunk()?;
            field = after;
            Some(u64::from_le_bytes(*number))
        };
        return Some((large(unpacked)?, large(packed)?));
    }
}

fn leaves_its_folder(name: &[u8]) -> bool {
    let absolute = matches!(name.first(), None | Some(b'/' | b'\\')) || name.get(1) == Some(&b':');
    absolute || name.contains(&0) || name.split(|byte| matches!(byte, b'/' | b'\\')).any(|part| part == b"..")
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|chunk| u16::from_le_bytes(*chunk))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The check sum of what every entry of a test's archive holds.
    const DATA_CRC_32: u32 = 0xadf3_f363;

    /// One entry as a test's archive claims it.
    #[derive(Clone)]
    pub(crate) struct Claim {
        pub(crate) name: Vec<u8>,
        pub(crate) packed: u32,
        pub(crate) unpacked: u32,
        pub(crate) flags: u16,
        pub(crate) mode: u32,
        pub(crate) extra: Vec<u8>,
    }

    pub(crate) fn claim(name: &str) -> Claim {
        Claim { name: name.into(), packed: 4, unpacked: 4, flags: 0, mode: 0o100_644, extra: Vec::new() }
    }

    /// A file with stored entries of four bytes each and a table of contents that says what the test wants.
    pub(crate) fn archive(claims: &[Claim]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut table = Vec::new();
        for claim in claims {
            let name_bytes = u16::try_from(claim.name.len()).unwrap().to_le_bytes();
            file.extend([&b"PK\x03\x04"[..], &[0; 22], &name_bytes, &[0; 2], &claim.name, b"data"].concat());
            let extra_bytes = u16::try_from(claim.extra.len()).unwrap().to_le_bytes();
            table.extend(
                [
                    &b"PK\x01\x02\x14\x03\x14\x00"[..],
                    &claim.flags.to_le_bytes(),
                    &[0; 6],
                    &DATA_CRC_32.to_le_bytes(),
                    &claim.packed.to_le_bytes(),
                    &claim.unpacked.to_le_bytes(),
                    &name_bytes,
                    &extra_bytes,
                    &[0; 6],
                    &(claim.mode << 16).to_le_bytes(),
                    &[0; 4],
                    &claim.name,
                    &claim.extra,
                ]
                .concat(),
            );
        }
        let count = u16::try_from(claims.len()).unwrap().to_le_bytes();
        let (offset, bytes) = (u32::try_from(file.len()).unwrap(), u32::try_from(table.len()).unwrap());
        let end = [
            &b"PK\x05\x06\0\0\0\0"[..],
            &count,
            &count,
            &bytes.to_le_bytes(),
            &offset.to_le_bytes(),
            &[0; 2],
        ]
        .concat();
        [file, table, end].concat()
    }

    fn look(file: &[u8], kind: MediaType) -> Result<(), ArchiveProblem> {
        let bytes = file.len() as u64;
        let tail = &file[file.len().saturating_sub(usize::try_from(TAIL).unwrap())..];
        let directory = locate(tail, bytes)?;
        let from = usize::try_from(directory.offset).unwrap();
        let table = &file[from..from + usize::try_from(directory.bytes).unwrap()];
        check(table, &directory, kind, bytes)
    }

    fn zip(claims: &[Claim]) -> Result<(), ArchiveProblem> {
        look(&archive(claims), MediaType::Zip)
    }

    #[test]
    fn an_ordinary_archive_passes() {
        let entries = ["納品/", "納品/一覧.csv", "納品/図面.v2.pdf", "a..b.txt", "見積.xlsx"].map(claim);
        assert_eq!(zip(&entries), Ok(()));
        let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode("ソース表.csv");
        assert_eq!(zip(&[Claim { name: cp932.into_owned(), ..claim("") }]), Ok(()));
    }

    #[test]
    fn bombs_are_refused_before_anything_is_unpacked() {
        let mib = 1024 * 1024;
        assert_eq!(zip(&[Claim { unpacked: 11 * mib, ..claim("zeros") }]), Err(ArchiveProblem::Bomb));
        let many: Vec<_> = (0..2_000).map(|_| Claim { unpacked: mib, ..claim("zeros") }).collect();
        assert_eq!(zip(&many), Err(ArchiveProblem::Bomb));
        let overlapping = Claim { packed: 4_000, ..claim("same bytes again") };
        assert_eq!(zip(&vec![overlapping; 9]), Err(ArchiveProblem::Bomb));
        let huge = [&[1, 0, 8, 0][..], &u64::MAX.to_le_bytes()].concat();
        let sized = Claim { unpacked: u32::MAX, extra: huge, ..claim("zip64") };
        assert_eq!(zip(&[sized.clone(), sized]), Err(ArchiveProblem::Bomb));
        let crowd: Vec<_> = (0..5_001).map(|number| claim(&number.to_string())).collect();
        assert_eq!(zip(&crowd), Err(ArchiveProblem::TooManyEntries));
    }

    #[test]
    fn sizes_in_the_extra_field_are_read() {
        let extra =
            [&[9, 0, 1, 0, 7][..], &[1, 0, 16, 0], &4_u64.to_le_bytes(), &4_u64.to_le_bytes()].concat();
        let sized = Claim { unpacked: u32::MAX, packed: u32::MAX, extra, ..claim("zip64.txt") };
        assert_eq!(zip(&[sized]), Ok(()));
        let missing = Claim { unpacked: u32::MAX, ..claim("zip64.txt") };
        assert_eq!(zip(&[missing]), Err(ArchiveProblem::Damaged));
    }

    #[test]
    fn paths_that_leave_the_folder_are_refused() {
        for name in [
            "../x",
            "a/../../x",
            "..\\x",
            "a\\..\\x",
            "/etc/passwd",
            "\\\\host\\x",
            "C:\\x",
            "c:x",
            "",
            "a\0b",
        ] {
            assert_eq!(zip(&[claim("fine.txt"), claim(name)]), Err(ArchiveProblem::Escape), "{name:?}");
        }
        let link = Claim { mode: 0o120_777, ..claim("link") };
        assert_eq!(zip(&[link]), Err(ArchiveProblem::Escape));
        let device = Claim { mode: 0o020_666, ..claim("tty") };
        assert_eq!(zip(&[device]), Err(ArchiveProblem::Escape));
    }

    #[test]
    fn archives_in_archives_and_locked_ones_are_refused() {
        for name in ["a.zip", "b/C.ZIP", "x.tar.gz", "x.lzh"] {
            assert_eq!(zip(&[claim(name)]), Err(ArchiveProblem::Nested), "{name}");
        }
        assert_eq!(zip(&[claim("zip")]), Ok(()), "a file that is only called so");
        assert_eq!(zip(&[Claim { flags: 1, ..claim("a.txt") }]), Err(ArchiveProblem::Encrypted));
    }

    #[test]
    fn an_office_document_has_its_parts_and_no_macros() {
        let document = |folder: &str| archive(&["[Content_Types].xml", "_rels/.rels", folder].map(claim));
        assert_eq!(look(&document("xl/workbook.xml"), MediaType::Xlsx), Ok(()));
        assert_eq!(look(&document("word/document2.xml"), MediaType::Docx), Ok(()));
        assert_eq!(look(&document("ppt/presentation.xml"), MediaType::Pptx), Ok(()));
        let wrong = look(&document("word/document.xml"), MediaType::Xlsx);
        assert_eq!(wrong, Err(ArchiveProblem::NotTheDocument));
        let bare = look(&archive(&[claim("xl/workbook.xml")]), MediaType::Xlsx);
        assert_eq!(bare, Err(ArchiveProblem::NotTheDocument));
        let macros = ["[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"].map(claim);
        assert_eq!(look(&archive(&macros), MediaType::Xlsx), Err(ArchiveProblem::Macros));
    }

    #[test]
    fn a_table_of_contents_that_does_not_fit_the_file_is_damage() {
        let whole = archive(&[claim("a.txt"), claim("b.txt")]);
        for cut in [1, 10, 22, 30, whole.len()] {
            assert_eq!(
                look(&whole[..whole.len() - cut], MediaType::Zip),
                Err(ArchiveProblem::Damaged),
                "{cut}"
            );
        }
        let trailing = [&whole[..], b"<script>"].concat();
        assert_eq!(look(&trailing, MediaType::Zip), Err(ArchiveProblem::Damaged));
        let mut too_many = whole.clone();
        let at = whole.len() - 14;
        too_many[at..at + 4].copy_from_slice(&[3, 0, 3, 0]);
        assert_eq!(look(&too_many, MediaType::Zip), Err(ArchiveProblem::Damaged));
        let mut far_away = whole.clone();
        let at = whole.len() - 6;
        far_away[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(look(&far_away, MediaType::Zip), Err(ArchiveProblem::Damaged));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
            at in 0_usize..200,
            value in proptest::num::u8::ANY,
        ) {
            // Anything at all, and a real archive with one byte changed.
            let _ = look(&[&bytes[..], b"PK\x05\x06", &bytes].concat(), MediaType::Zip);
            let mut changed = archive(&[claim("[Content_Types].xml"), claim("xl/workbook.xml")]);
            let at = at % changed.len();
            changed[at] = value;
            let _ = look(&changed, MediaType::Xlsx);
        }
    }
}
