//! CSV in any encoding and with any separator that spreadsheets write.

use std::collections::VecDeque;
use std::io::{self, Read, Seek, SeekFrom};

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{CoderResult, Decoder, EUC_JP, EncoderResult, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

use super::{Encoding, Layout, MOST_ROW_BYTES, Row, RowsProblem, Separator};
use crate::text::{TextCheck, accepts};

/// How much of the beginning says what stands between the columns.
const SAMPLE_BYTES: usize = 64 * 1024;
const RAW_BYTES: usize = 16 * 1024;
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

impl Encoding {
    const fn decoded_by(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 | Self::Utf8Marked | Self::Workbook => UTF_8,
            Self::Cp932 => SHIFT_JIS,
            Self::EucJp => EUC_JP,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
        }
    }

    /// The bytes that stand before the first character.
    const fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 | Self::Cp932 | Self::EucJp => b"",
            Self::Utf8Marked | Self::Workbook => UTF8_MARK,
            Self::Utf16Le => b"\xff\xfe",
            Self::Utf16Be => b"\xfe\xff",
        }
    }
}

/// The encoding a byte-order mark names.
fn marked(head: &[u8]) -> Option<Encoding> {
    [Encoding::Utf8Marked, Encoding::Utf16Le, Encoding::Utf16Be]
        .into_iter()
        .find(|encoding| head.starts_with(encoding.mark()))
}

/// The text of a short file: UTF-8 with or without a byte-order mark, UTF-16 with one (Excel's "Unicode text"), else
/// CP932 (Excel's habit in Japan) or EUC-JP. Where it is none of them, or two in one file, the line on which that shows, which
/// nobody counts in UTF-16.
pub fn text_of(bytes: &[u8]) -> Result<String, Option<u64>> {
    let mut check = TextCheck::new();
    check.take(bytes);
    check.finish()?;
    decoded_text(bytes).ok_or(None)
}

fn decoded_text(bytes: &[u8]) -> Option<String> {
    let encoding = marked(bytes).unwrap_or(Encoding::Utf8);
    let rest = bytes.strip_prefix(encoding.mark()).unwrap_or(bytes);
    let decoded = |by: &'static encoding_rs::Encoding| {
        by.decode_without_bom_handling_and_without_replacement(rest).map(std::borrow::Cow::into_owned)
    };
    let first = decoded(encoding.decoded_by());
    let japanese = || decoded(older(&mut io::Cursor::new(rest)).unwrap_or(Encoding::Cp932).decoded_by());
    if encoding == Encoding::Utf8 { first.or_else(japanese) } else { first }
}

/// How many rows of a title may stand above the first row with columns.
const MOST_TITLES: usize = 10;

/// What stands between the columns: a comma, unless the first row has none and has a tab (pasted from a spreadsheet), or
/// every row has as many semicolons as the first. A title above them has none of all that; below one, tabs have to be as many in
/// every row too.
pub fn separator_of(text: &str) -> Separator {
    let mut rows = text.lines().filter(|row| !row.trim().is_empty());
    let is_parted = |row: &str| row.contains([',', '\t', ';']);
    let first = rows.by_ref().take(MOST_TITLES).enumerate().find(|(_, row)| is_parted(row));
    let Some((titles, first)) = first.filter(|(_, row)| !row.contains(',')) else { return Separator::Comma };
    let (sign, separator) =
        if first.contains('\t') { ('\t', Separator::Tab) } else { (';', Separator::Semicolon) };
    let count = |row: &str| row.matches(sign).count();
    let from_a_table = titles == 0 && separator == Separator::Tab;
    if from_a_table || rows.all(|row| count(row) == count(first)) { separator } else { Separator::Comma }
}

/// The line, from 1, of the first row at or after a byte of the text: empty lines before a row are lines too.
pub fn line_at(text: &str, start: u64) -> usize {
    let start = usize::try_from(start).unwrap_or(text.len()).min(text.len());
    let (before, rest) = text.as_bytes().split_at(start);
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    1 + before.iter().chain(empty).filter(|byte| **byte == b'\n').count()
}

/// The line on which a value opens with a quotation mark that nothing closes: a reader would take the whole rest of the
/// file for that one value.
pub fn unclosed_quote(text: &str, separator: Separator) -> Option<u64> {
    let mut watch = Watch::new(separator);
    watch.take(text);
    watch.opened
}

/// Follows the characters past the reader: which rows begin, and what a quotation mark has opened.
#[derive(Debug)]
struct Watch {
    separator: char,
    line: u64,
    /// The row as a spreadsheet numbers them: a break within a value begins none.
    row: u64,
    /// The line of the mark that is open.
    opened: Option<u64>,
    /// A quotation mark here would open a value, or open it again after a doubled one.
    at_value_start: bool,
    in_row: bool,
    row_bytes: usize,
    after_return: bool,
    /// The numbers of rows that have begun and that nobody has asked for yet.
    starts: VecDeque<u64>,
}

impl Watch {
    fn new(separator: Separator) -> Self {
        Self {
            separator: separator.character(),
            line: 1,
            row: 1,
            opened: None,
            at_value_start: true,
            in_row: false,
            row_bytes: 0,
            after_return: false,
            starts: VecDeque::new(),
        }
    }

    fn take(&mut self, text: &str) {
        for character in text.chars() {
            self.step(character);
        }
    }

    fn step(&mut self, character: char) {
        if self.after_return && character != '\n' {
            self.end_line();
        }
        self.after_return = character == '\r';
        let is_break = matches!(character, '\n' | '\r');
        if !self.in_row && !is_break {
            self.in_row = true;
            self.row_bytes = 0;
            self.at_value_start = true;
            self.starts.push_back(self.row);
        }
        self.row_bytes += character.len_utf8();
        let closes = character == '"' && self.opened.is_some();
        match (character, self.opened) {
            ('"', Some(_)) => self.opened = None,
            // A doubled mark inside a quoted value closes and opens it again.
            ('"', None) if self.at_value_start => self.opened = Some(self.line),
            (_, None) if is_break => self.in_row = false,
            _ => {}
        }
        self.at_value_start = closes || is_break || character == self.separator;
        if character == '\n' {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        self.line += 1;
        if self.opened.is_none() {
            self.row += 1;
        }
    }
}

/// A source of bytes as UTF-8, watched.
#[derive(Debug)]
struct Decoded<R> {
    source: R,
    decoder: Decoder,
    text: String,
    given: usize,
    ended: bool,
    watch: Watch,
}

impl<R: Read> Decoded<R> {
    fn new(source: R, layout: Layout) -> Self {
        Self {
            source,
            decoder: layout.encoding.decoded_by().new_decoder_without_bom_handling(),
            text: String::new(),
            given: 0,
            ended: false,
            watch: Watch::new(layout.separator),
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        let mut raw = [0; RAW_BYTES];
        while self.text.is_empty() && !self.ended {
            let read = self.source.read(&mut raw)?;
            self.ended = read == 0;
            let mut bytes = raw.get(..read).unwrap_or_default();
            loop {
                let room = self.decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(RAW_BYTES);
                self.text.reserve(room);
                let (result, taken, _) = self.decoder.decode_to_string(bytes, &mut self.text, self.ended);
                bytes = bytes.get(taken..).unwrap_or_default();
                if result == CoderResult::InputEmpty {
                    break;
                }
            }
        }
        let text = std::mem::take(&mut self.text);
        self.watch.take(&text);
        self.text = text;
        if self.watch.row_bytes > MOST_ROW_BYTES {
            return Err(io::Error::other("the row is too long"));
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.fill()?;
        }
        let rest = self.text.as_bytes().get(self.given..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(into), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            into.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
}

/// Finds out how the file is written, and goes to its first character.
fn layout_of<R: Read + Seek>(source: &mut R) -> io::Result<Layout> {
    let mut head = Vec::new();
    source.by_ref().take(SAMPLE_BYTES as u64).read_to_end(&mut head)?;
    let encoding = match marked(&head) {
        Some(encoding) => encoding,
        None if is_utf8(&head, source)? => Encoding::Utf8,
        None => {
            source.seek(SeekFrom::Start(0))?;
            older(source)?
        }
    };
    let first = encoding.mark().len();
    let (sample, _replaced) =
        encoding.decoded_by().decode_without_bom_handling(head.get(first..).unwrap_or_default());
    // The last line of the sample may be cut.
    let whole =
        if head.len() == SAMPLE_BYTES { sample.rfind('\n').unwrap_or(sample.len()) } else { sample.len() };
    let separator = separator_of(sample.get(..whole).unwrap_or_default());
    source.seek(SeekFrom::Start(first as u64))?;
    Ok(Layout { encoding, separator })
}

/// Whether all of the file is UTF-8: a letter of another encoding may stand in its last line alone.
fn is_utf8<R: Read>(head: &[u8], rest: &mut R) -> io::Result<bool> {
    let mut decoder = UTF_8.new_decoder_without_bom_handling();
    if !accepts(&mut decoder, head, false) {
        return Ok(false);
    }
    let mut raw = [0; RAW_BYTES];
    loop {
        let read = rest.read(&mut raw)?;
        if !accepts(&mut decoder, raw.get(..read).unwrap_or_default(), read == 0) {
            return Ok(false);
        }
        if read == 0 {
            return Ok(true);
        }
    }
}

/// What a text says for being in an encoding.
#[derive(Debug, Default)]
struct Signs {
    /// Bytes that are no character of it, and characters that nobody writes.
    wrong: u64,
    /// Characters beyond ASCII.
    all: u64,
    /// Kana of half width: what the other encoding's kanji look like, and what real texts have little of.
    halves: u64,
    /// Hiragana and katakana.
    kana: u64,
}

impl Signs {
    fn take(&mut self, text: &str) {
        for sign in text.chars().filter(|sign| !sign.is_ascii()) {
            self.all += 1;
            match sign {
                '\u{fffd}' | '\u{e000}'..='\u{f8ff}' => self.wrong += 1,
                '｡'..='ﾟ' => self.halves += 1,
                'ぁ'..='ヿ' => self.kana += 1,
                _ => {}
            }
        }
    }
}

/// Which of the two encodings from before Unicode a Japanese text is in. Most texts are right in one of them alone; of those
/// that are right in both, EUC-JP has kana where CP932 has little but half-width kana.
fn older<R: Read>(source: &mut R) -> io::Result<Encoding> {
    let mut readings =
        [SHIFT_JIS, EUC_JP].map(|by| (by.new_decoder_without_bom_handling(), Signs::default()));
    let mut raw = [0; RAW_BYTES];
    let mut text = String::new();
    loop {
        let read = source.read(&mut raw)?;
        for (decoder, signs) in &mut readings {
            let bytes = raw.get(..read).unwrap_or_default();
            text.clear();
            text.reserve(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(4 * RAW_BYTES));
            let (_result, _taken, _) = decoder.decode_to_string(bytes, &mut text, read == 0);
            signs.take(&text);
        }
        if read == 0 {
            break;
        }
    }
    let [(_, cp932), (_, euc)] = readings;
    let is_unlikely = cp932.wrong > 0 || (cp932.halves * 2 > cp932.all && euc.kana > 0);
    Ok(if euc.wrong == 0 && is_unlikely { Encoding::EucJp } else { Encoding::Cp932 })
}

pub(super) fn read<R, E>(mut source: R, visit: &mut dyn FnMut(Layout, Row) -> Result<(), E>) -> Result<(), E>
where
    R: Read + Seek,
    E: From<RowsProblem>,
{
    let layout = layout_of(&mut source).map_err(RowsProblem::from)?;
    let separator = u8::try_from(layout.separator.character()).unwrap_or(b',');
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(Decoded::new(source, layout));
    let (mut record, mut waiting) = (StringRecord::new(), None::<Row>);
    loop {
        let more = match reader.read_record(&mut record) {
            Ok(more) => more,
            Err(error) => return Err(broken(&error, &reader.get_ref().watch).into()),
        };
        if !more {
            break;
        }
        let line = reader.get_mut().watch.starts.pop_front().unwrap_or(0);
        let row = Row { line, cells: record.iter().map(str::to_owned).collect(), is_unclosed: false };
        if let Some(before) = waiting.replace(row) {
            visit(layout, before)?;
        }
    }
    // What a mark has opened and nothing closed is in the last row.
    let is_unclosed = reader.get_ref().watch.opened.is_some();
    waiting.map_or(Ok(()), |last| visit(layout, Row { is_unclosed, ..last }))
}

fn broken(error: &csv::Error, watch: &Watch) -> RowsProblem {
    match error.kind() {
        csv::ErrorKind::Io(_) if watch.row_bytes > MOST_ROW_BYTES => {
            RowsProblem::RowTooLong(watch.starts.back().copied().unwrap_or(watch.row))
        }
        csv::ErrorKind::Io(error) => RowsProblem::Io(io::Error::new(error.kind(), error.to_string())),
        _ => RowsProblem::Io(io::Error::other(error.to_string())),
    }
}

/// Writes rows as a file of the same layout.
#[derive(Debug, Clone, Copy)]
pub struct Encoder(pub Layout);

impl Encoder {
    /// What stands before the first row.
    pub fn begin(self) -> &'static [u8] {
        self.0.encoding.mark()
    }

    /// One row: cells that no spreadsheet runs as formulas, quoted where they have to be, and a line end. What the
    /// encoding does not have becomes 〓, the printers' mark for a missing letter.
    pub fn line(self, cells: &[impl AsRef<str>]) -> Vec<u8> {
        let separator = self.0.separator.character();
        let mut line = String::new();
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                line.push(separator);
            }
            let cell = super::guarded(cell.as_ref());
            if cell.contains(['"', '\n', '\r', separator]) {
                line.push('"');
                line.push_str(&cell.replace('"', "\"\""));
                line.push('"');
            } else {
                line.push_str(&cell);
            }
        }
        line.push_str("\r\n");
        self.bytes(&line)
    }

    fn bytes(self, text: &str) -> Vec<u8> {
        match self.0.encoding {
            Encoding::Utf8 | Encoding::Utf8Marked | Encoding::Workbook => text.as_bytes().to_vec(),
            Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Encoding::Cp932 => with_marks(text, SHIFT_JIS, b"\x81\xac"),
            Encoding::EucJp => with_marks(text, EUC_JP, b"\xa2\xae"),
        }
    }

    /// The first character of `text` that the encoding does not have.
    pub fn lacks(self, text: &str) -> Option<char> {
        if !matches!(self.0.encoding, Encoding::Cp932 | Encoding::EucJp) {
            return None;
        }
        let by = self.0.encoding.decoded_by();
        let mut bytes = Vec::new();
        text.chars().find(|character| bytes_in(by, *character, &mut bytes).is_none())
    }
}

/// What the encoder writes as something else: a backslash, a tilde. A minus sign (U+2212) it writes as a full-width hyphen
/// (U+FF0D), which says the same in a telephone number.
const NOT_ITSELF: [char; 2] = ['\u{a5}', '\u{203e}'];

/// A text in an encoding from before Unicode, with `mark` in place of what that does not have.
fn with_marks(text: &str, by: &'static encoding_rs::Encoding, mark: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        if bytes_in(by, character, &mut bytes).is_none() {
            bytes.extend_from_slice(mark);
        }
    }
    bytes
}

/// Adds a character's bytes; `None` where the encoding has none.
fn bytes_in(by: &'static encoding_rs::Encoding, character: char, bytes: &mut Vec<u8>) -> Option<()> {
    if NOT_ITSELF.contains(&character) {
        return None;
    }
    if character.is_ascii() {
        bytes.push(u8::try_from(character).ok()?);
        return Some(());
    }
    let (mut text, mut room) = ([0; 4], [0; 8]);
    let (result, _, written) = by.new_encoder().encode_from_utf8_without_replacement(
        character.encode_utf8(&mut text),
        &mut room,
        true,
    );
    if matches!(result, EncoderResult::Unmappable(_)) {
        return None;
    }
    bytes.extend_from_slice(room.get(..written).unwrap_or_default());
    Some(())
}
