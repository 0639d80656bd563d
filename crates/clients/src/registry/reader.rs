//! Reading the register's file row by row: 国税庁 法人番号公表サイト, 基本3情報ダウンロード, CSV, either edition.
//!
//! `Shift_JIS` (CP932) or Unicode (UTF-8, with or without a byte order mark) is found out from the first 64 KiB; a
//! file in anything else is refused. Memory stays flat whatever the file is: one line of at most
//! [`MOST_LINE_BYTES`] is held at a time.
//!
//! Invariant: no text with a replacement character ever comes out of here.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};
use std::path::PathBuf;

use encoding_rs::{DecoderResult, EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

pub use super::problem::{Column, RowProblem, RowReason};

use super::model::RegistryRecord;
use super::problem::Fault;
use super::row::{self, PREFECTURES};

/// The longest line read, in bytes; a real one has some 400, and by the format's own limits about 10,000.
pub const MOST_LINE_BYTES: usize = 64 * 1024;

/// How many lines may be no row of this format before the whole file is refused.
pub const MOST_STRUCTURAL: u64 = 100;

const HEAD_BYTES: u64 = 64 * 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why a file was refused as a whole. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum FileProblem {
    /// It cannot be opened or read on.
    #[error("{} cannot be opened ({source}): check the path, and that this user may read it", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// It cannot be read on.
    #[error("line {line}: reading stopped: {source}")]
    Broken {
        /// The line that was being read.
        line: u64,
        /// What the operating system says.
        source: io::Error,
    },
    /// A directory was named instead of a file.
    #[error("{} is a directory: name the CSV file inside it", .0.display())]
    Directory(PathBuf),
    /// Nothing in it.
    #[error("the file is empty (0 rows): download it again")]
    Empty,
    /// The archive as downloaded.
    #[error("the file is a ZIP archive: unpack it and name the CSV file inside it")]
    Archive,
    /// Neither published edition.
    #[error(
        "line 1: the file is encoded in {0}: use the Shift_JIS or the Unicode (UTF-8) edition of the CSV file"
    )]
    Encoding(&'static str),
    /// A line that no row of this format can be.
    #[error("line {line} is longer than {MOST_LINE_BYTES} bytes: this is not the corporate-number file")]
    LineTooLong {
        /// Which line.
        line: u64,
    },
    /// The last line has no end and is no whole row: the download stopped early.
    #[error("the file breaks off in its last line: download it again ({0})")]
    Truncated(RowProblem),
    /// Lines that are no rows of this format: all of them, or more than [`MOST_STRUCTURAL`].
    #[error(
        "this is not the corporate-number file (CSV, 30 columns, no header): {count} wrong lines, the first: {first}"
    )]
    NotTheRegister {
        /// The first line that is no row.
        first: RowProblem,
        /// How many such lines were met.
        count: u64,
    },
}

/// The two published encodings of the CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// CSV 形式 in `Shift_JIS`, in fact CP932.
    ShiftJis,
    /// CSV 形式・Unicode: UTF-8.
    Unicode,
}

impl Edition {
    const fn encoding(self) -> &'static Encoding {
        match self {
            Self::ShiftJis => SHIFT_JIS,
            Self::Unicode => UTF_8,
        }
    }
}

/// A row of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// The latest state of a corporation.
    Current(Box<RegistryRecord>),
    /// An earlier state (column 24, 最新履歴, is 0): not for this register.
    History,
    /// A row that cannot be taken.
    Rejected(RowProblem),
}

/// Reads rows out of any byte source.
#[derive(Debug)]
pub struct RegisterReader<R> {
    source: BufReader<Chain<Cursor<Vec<u8>>, R>>,
    edition: Edition,
    line: u64,
    bytes: u64,
    text: Vec<u8>,
    readable: u64,
    structural: u64,
    first_structural: Option<RowProblem>,
}

impl<R: Read> RegisterReader<R> {
    /// Looks at the beginning of `source` and finds out its edition.
    pub fn new(mut source: R) -> Result<Self, FileProblem> {
        let mut head = Vec::new();
        let read = source.by_ref().take(HEAD_BYTES).read_to_end(&mut head);
        read.map_err(|source| FileProblem::Broken { line: 1, source })?;
        let edition = edition_of(&head)?;
        let mut head = Cursor::new(head);
        let mark = if head.get_ref().starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() as u64 } else { 0 };
        head.set_position(mark);
        Ok(Self {
            source: BufReader::new(head.chain(source)),
            edition,
            line: 0,
            bytes: mark,
            text: Vec::new(),
            readable: 0,
            structural: 0,
            first_structural: None,
        })
    }

    /// The edition that was found.
    pub const fn edition(&self) -> Edition {
        self.edition
    }

    /// The line of the row given last, counted from 1.
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// How many bytes have been read so far.
    pub const fn bytes_read(&self) -> u64 {
        self.bytes
    }

    /// The next row; `None` at the end of a file that is the register. Empty lines are passed over.
    pub fn next_row(&mut self) -> Result<Option<Row>, FileProblem> {
        loop {
            let Some(complete) = self.read_line()? else {
                return self.finish();
            };
            if !self.text.is_empty() {
                return self.row(complete).map(Some);
            }
        }
    }

    /// Whether the line had its end; `None` where there is no further line.
    fn read_line(&mut self) -> Result<Option<bool>, FileProblem> {
        self.text.clear();
        self.line += 1;
        let line = self.line;
        let most = MOST_LINE_BYTES as u64 + 1;
        let read = self.source.by_ref().take(most).read_until(b'\n', &mut self.text);
        let read = read.map_err(|source| FileProblem::Broken { line, source })?;
        self.bytes += read as u64;
        if read > MOST_LINE_BYTES {
            return Err(FileProblem::LineTooLong { line });
        }
        let complete = self.text.pop_if(|last| *last == b'\n').is_some();
        if complete {
            self.text.pop_if(|last| *last == b'\r');
        }
        Ok((read > 0).then_some(complete))
    }

    fn row(&mut self, complete: bool) -> Result<Row, FileProblem> {
        match decode(self.edition, &self.text).and_then(|text| row::read(&text)) {
            Ok(record) => {
                self.readable += 1;
                Ok(record.map_or(Row::History, |record| Row::Current(Box::new(record))))
            }
            Err(fault) => self.refuse(RowProblem::at(self.line, fault), complete),
        }
    }

    /// One bad row is reported and passed over; a file of them is no register, and a cut one no whole register.
    fn refuse(&mut self, problem: RowProblem, complete: bool) -> Result<Row, FileProblem> {
        if problem.reason.is_structural() {
            self.structural += 1;
            let first = self.first_structural.get_or_insert_with(|| problem.clone());
            if self.structural > MOST_STRUCTURAL || (!complete && self.readable == 0) {
                return Err(FileProblem::NotTheRegister { first: first.clone(), count: self.structural });
            }
        } else {
            self.readable += 1;
        }
        if complete || !problem.is_of_a_cut_line() {
            return Ok(Row::Rejected(problem));
        }
        Err(FileProblem::Truncated(problem))
    }

    fn finish(&mut self) -> Result<Option<Row>, FileProblem> {
        match self.first_structural.take() {
            _ if self.readable > 0 => Ok(None),
            Some(first) => Err(FileProblem::NotTheRegister { first, count: self.structural }),
            None => Err(FileProblem::Empty),
        }
    }
}

/// Finds out the edition: the encoding in which most lines name a prefecture, which wrongly decoded bytes never do.
fn edition_of(head: &[u8]) -> Result<Edition, FileProblem> {
    if head.is_empty() {
        return Err(FileProblem::Empty);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Err(FileProblem::Archive);
    }
    let candidates = [UTF_8, SHIFT_JIS, EUC_JP, ISO_2022_JP, UTF_16LE, UTF_16BE];
    let scored = candidates.map(|encoding| (lines_with_prefecture(encoding, head), encoding));
    let best = scored.into_iter().max_by_key(|(score, _)| *score).filter(|(score, _)| *score > 0);
    match best.map(|(_, encoding)| encoding) {
        Some(encoding) if encoding == UTF_8 => Ok(Edition::Unicode),
        Some(encoding) if encoding == SHIFT_JIS => Ok(Edition::ShiftJis),
        Some(other) => Err(FileProblem::Encoding(other.name())),
        None => edition_without_prefecture(head),
    }
}

fn lines_with_prefecture(encoding: &'static Encoding, head: &[u8]) -> usize {
    let (text, _replaced) = encoding.decode_without_bom_handling(head);
    text.lines().filter(|line| PREFECTURES.iter().any(|name| line.contains(name))).count()
}

/// Only seats abroad, or no register at all: what the bytes allow; its rows tell the rest.
fn edition_without_prefecture(head: &[u8]) -> Result<Edition, FileProblem> {
    match Encoding::for_bom(head) {
        Some((encoding, _)) if encoding != UTF_8 => Err(FileProblem::Encoding(encoding.name())),
        Some(_) => Ok(Edition::Unicode),
        // The head may end inside a character; anything wrong before that is no UTF-8.
        None => match std::str::from_utf8(head) {
            Err(error) if error.error_len().is_some() => Ok(Edition::ShiftJis),
            _ => Ok(Edition::Unicode),
        },
    }
}

/// Decodes strictly: bytes that the encoding does not have are a fault at their column.
fn decode(edition: Edition, bytes: &[u8]) -> Result<String, Fault> {
    let mut decoder = edition.encoding().new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len());
    let mut text = String::with_capacity(room);
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(text),
        DecoderResult::Malformed(..) | DecoderResult::OutputFull => {
            let wrong = bytes.get(read.saturating_sub(2)..read).unwrap_or_default();
            let shown = wrong.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
            Err(Fault::new(row::column_at_end(&text), &format!("bytes {shown}"), RowReason::Undecodable))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::line_with;
    use super::*;

    /// Everything a file gives, or why it was refused.
    fn rows(bytes: &[u8]) -> Result<Vec<Row>, FileProblem> {
        let mut reader = RegisterReader::new(bytes)?;
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row()? {
            rows.push(row);
        }
        Ok(rows)
    }

    fn names(bytes: &[u8]) -> Vec<String> {
        let rows = rows(bytes).unwrap();
        rows.into_iter()
            .map(|row| match row {
                Row::Current(record) => record.name,
                other => panic!("expected a record, got {other:?}"),
            })
            .collect()
    }

    fn in_encoding(encoding: &'static Encoding, text: &str) -> Vec<u8> {
        let (bytes, _, unmappable) = encoding.encode(text);
        assert!(!unmappable, "{text}");
        bytes.into_owned()
    }

    fn two_lines() -> String {
        format!("{}\r\n{}\r\n", line_with(&[]), line_with(&[(2, "1000013050238"), (7, "髙﨑①㈱～－ｶﾅ")]))
    }

    #[test]
    fn both_editions_give_the_same_rows() {
        let text = two_lines();
        let expected = ["岩美町", "髙﨑①㈱～－ｶﾅ"];
        assert_eq!(names(&in_encoding(SHIFT_JIS, &text)), expected);
        assert_eq!(names(text.as_bytes()), expected);
        assert_eq!(names(&[BYTE_ORDER_MARK, text.as_bytes()].concat()), expected);
        assert_eq!(names(text.replace("\r\n", "\n").as_bytes()), expected);
        assert_eq!(names(text.trim_end().as_bytes()), expected, "a whole last row needs no line end");
        assert_eq!(names(format!("{text}\r\n").as_bytes()), expected, "empty lines are nothing");
    }

    #[test]
    fn the_editions_are_told_apart() {
        let text = two_lines();
        let edition = |bytes: &[u8]| RegisterReader::new(bytes).unwrap().edition();
        assert_eq!(edition(text.as_bytes()), Edition::Unicode);
        assert_eq!(edition(&in_encoding(SHIFT_JIS, &text)), Edition::ShiftJis);
        let abroad = line_with(&[(10, ""), (11, ""), (12, ""), (17, "アメリカ")]);
        assert_eq!(edition(abroad.as_bytes()), Edition::Unicode);
        assert_eq!(edition(&in_encoding(SHIFT_JIS, &abroad)), Edition::ShiftJis);
    }

    #[test]
    fn any_other_encoding_is_refused_by_name() {
        let text = two_lines().replace("髙﨑①㈱～－ｶﾅ", "高崎");
        let sixteen = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(unit).collect() };
        let little = sixteen(u16::to_le_bytes);
        for (bytes, name) in [
            (in_encoding(EUC_JP, &text), "EUC-JP"),
            (in_encoding(ISO_2022_JP, &text), "ISO-2022-JP"),
            ([b"\xff\xfe".as_slice(), &little].concat(), "UTF-16LE"),
            (little, "UTF-16LE"),
            (sixteen(u16::to_be_bytes), "UTF-16BE"),
        ] {
            match rows(&bytes) {
                Err(FileProblem::Encoding(found)) => assert_eq!(found, name),
                other => panic!("expected {name} to be refused, got {other:?}"),
            }
        }
    }

    #[test]
    fn bytes_of_no_character_cost_their_row_only() {
        let mut bytes = in_encoding(SHIFT_JIS, &two_lines());
        let second = bytes.windows(2).position(|pair| pair == b"\r\n").unwrap() + 2;
        let name = second + bytes[second..].windows(2).position(|pair| pair == [0xfb, 0xfc]).unwrap();
        bytes[name] = 0xff;
        let rows = rows(&bytes).unwrap();
        assert!(matches!(rows[0], Row::Current(_)));
        let Row::Rejected(problem) = &rows[1] else { panic!("expected a rejected row") };
        assert_eq!((problem.line, problem.reason), (2, RowReason::Undecodable));
        assert_eq!(problem.column.map(|column| column.position), Some(7));
    }

    #[test]
    fn nothing_is_an_empty_file() {
        for nothing in [b"".as_slice(), BYTE_ORDER_MARK, b"\r\n\r\n"] {
            assert!(matches!(rows(nothing), Err(FileProblem::Empty)), "{nothing:?}");
        }
    }

    #[test]
    fn other_kinds_of_file_are_refused_with_the_line() {
        assert!(matches!(rows(b"PK\x03\x04rest"), Err(FileProblem::Archive)));
        for (other, reason) in [
            ("name,town\r\n山田,立科町\r\n", RowReason::ColumnCount(2)),
            ("<?xml version=\"1.0\"?>\n<corporations>\n", RowReason::ColumnCount(1)),
            ("just one line", RowReason::ColumnCount(1)),
        ] {
            match rows(other.as_bytes()) {
                Err(FileProblem::NotTheRegister { first, .. }) => {
                    assert_eq!((first.line, first.reason), (1, reason));
                }
                result => panic!("expected {other} to be refused, got {result:?}"),
            }
        }
    }

    #[test]
    fn one_row_with_a_column_too_few_is_reported_and_many_refuse_the_file() {
        let short = line_with(&[]).trim_end_matches(",0").to_owned();
        let file = |wrong: usize| format!("{}\r\n{}", line_with(&[]), format!("{short}\r\n").repeat(wrong));
        let few = rows(file(1).as_bytes()).unwrap();
        let Row::Rejected(problem) = &few[1] else { panic!("expected a rejected row") };
        assert_eq!((problem.line, problem.reason), (2, RowReason::ColumnCount(29)));
        assert_eq!(problem.to_string(), "line 2: 29 columns where the format has 30");
        match rows(file(101).as_bytes()) {
            Err(FileProblem::NotTheRegister { first, count }) => assert_eq!((first.line, count), (2, 101)),
            other => panic!("expected a refusal, got {other:?}"),
        }
    }

    #[test]
    fn a_cut_file_is_refused_wherever_it_was_cut() {
        let text = two_lines();
        let bytes = in_encoding(SHIFT_JIS, &text);
        let second = bytes.windows(2).position(|pair| pair == b"\r\n").unwrap() + 2;
        // Behind the last digit the row is whole; only its line end is missing.
        for end in second + 1..bytes.len() - 2 {
            match rows(&bytes[..end]) {
                Err(FileProblem::Truncated(problem)) => assert_eq!(problem.line, 2, "cut at {end}"),
                other => panic!("cut at {end}: {other:?}"),
            }
        }
        assert_eq!(rows(&bytes[..bytes.len() - 2]).unwrap().len(), 2);
    }

    #[test]
    fn a_whole_last_row_with_a_wrong_value_is_only_that() {
        let text = format!("{}\r\n{}", line_with(&[]), line_with(&[(2, "1000020313026")]));
        assert!(matches!(rows(text.as_bytes()).unwrap()[1], Row::Rejected(_)));
    }

    #[test]
    fn an_endless_line_is_refused_after_64_kib() {
        struct Counted(u64);
        impl Read for Counted {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                buffer.fill(b'1');
                self.0 += buffer.len() as u64;
                Ok(buffer.len())
            }
        }
        let mut endless = Counted(0);
        let mut reader = RegisterReader::new(&mut endless).unwrap();
        assert!(matches!(reader.next_row(), Err(FileProblem::LineTooLong { line: 1 })));
        assert!(endless.0 < 256 * 1024, "{} bytes were read", endless.0);
        let late = format!("{}\r\n{}", line_with(&[]), "1".repeat(MOST_LINE_BYTES + 1));
        assert!(matches!(rows(late.as_bytes()), Err(FileProblem::LineTooLong { line: 2 })));
    }

    #[test]
    fn a_problem_says_line_field_value_and_reason() {
        let wrong = format!("{}\r\n{}\r\n", line_with(&[]), line_with(&[(2, "1000020313026")]));
        let rows = rows(wrong.as_bytes()).unwrap();
        let Row::Rejected(problem) = &rows[1] else { panic!("expected a rejected row") };
        assert_eq!(
            problem.to_string(),
            "line 2, column 2 法人番号 (corporateNumber): the check digit does not fit: \"1000020313026\""
        );
    }
}
