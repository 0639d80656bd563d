//! Units from a file of rows, or from rows pasted from a spreadsheet: its bytes in any encoding such files come in, its rows with every bad one
//! named by line.

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{SHIFT_JIS, UTF_16BE, UTF_16LE};
use kernel::{Checks, Code, text};

use super::model::MOST_UNITS;
use crate::units::store::NewUnit;

/// At most this many bad rows are named; who sees a hundred has seen the pattern.
const MOST_NAMED: usize = 100;
const MOST_LABEL: usize = 200;
const MOST_CONTENT: usize = 10_000;

/// The text of an uploaded file: UTF-8 with or without a byte-order mark, UTF-16 with one (Excel's "Unicode text"), else
/// CP932 (Excel's habit in Japan); `None` where it is none of them.
pub fn csv_text(bytes: &[u8]) -> Option<String> {
    for (mark, encoding) in [(b"\xff\xfe", UTF_16LE), (b"\xfe\xff", UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
            return text.map(std::borrow::Cow::into_owned);
        }
    }
    let without_mark = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(without_mark) {
        return Some(text.to_owned());
    }
    SHIFT_JIS
        .decode_without_bom_handling_and_without_replacement(without_mark)
        .map(std::borrow::Cow::into_owned)
}

/// Reads every row; problems are noted on the field `csv.LINE`, and any problem means that nothing is split off.
pub(super) fn read(checks: &mut Checks, text: &str, header: bool) -> Vec<NewUnit> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = ReaderBuilder::new()
        .has_headers(header)
        .flexible(true)
        .delimiter(separator(text))
        .from_reader(text.as_bytes());
    if let Some(line) = unclosed_quote(text) {
        checks.problem(&format!("csv.{line}"), Code::UnclosedQuote);
        return Vec::new();
    }
    let names = if header { reader.headers().cloned().unwrap_or_default() } else { StringRecord::new() };
    let (mut units, mut bad) = (Vec::new(), 0);
    for row in reader.records() {
        let start = row.as_ref().ok().and_then(StringRecord::position).map_or(0, csv::Position::byte);
        match row.map_err(|_not_text| Code::ForbiddenCharacters).and_then(|row| unit(&row, &names)) {
            Ok(unit) => units.push(unit),
            Err(code) => {
                checks.problem(&format!("csv.{}", line_at(text, start)), code);
                bad += 1;
            }
        }
        if bad == MOST_NAMED {
            return units;
        }
        if units.len() > MOST_UNITS {
            checks.bounded("csv", Code::OutOfRange, i64::try_from(MOST_UNITS).unwrap_or(i64::MAX));
            return units;
        }
    }
    if units.is_empty() && bad == 0 {
        checks.problem("csv", Code::Required);
    }
    units
}

/// What stands between the columns: a comma, unless the first row has none and has a tab (pasted from a spreadsheet), or
/// every row has as many semicolons as the first.
fn separator(text: &str) -> u8 {
    let mut rows = text.lines().filter(|row| !row.trim().is_empty());
    let first = rows.next().unwrap_or_default();
    if first.contains(',') {
        return b',';
    }
    if first.contains('\t') {
        return b'\t';
    }
    let count = |row: &str| row.matches(';').count();
    if count(first) > 0 && rows.all(|row| count(row) == count(first)) { b';' } else { b',' }
}

/// The line, from 1, of the first row at or after a byte of the text: empty lines before a row are lines too.
fn line_at(text: &str, start: u64) -> usize {
    let start = usize::try_from(start).unwrap_or(text.len()).min(text.len());
    let (before, rest) = text.as_bytes().split_at(start);
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    1 + before.iter().chain(empty).filter(|byte| **byte == b'\n').count()
}

/// The line on which a value opens with a quotation mark that nothing closes: a reader would take the whole rest of the
/// file for that one value.
fn unclosed_quote(text: &str) -> Option<usize> {
    let (mut line, mut opened, mut at_value_start) = (1, None, true);
    for character in text.chars() {
        match (character, opened) {
            ('"', Some(_)) => opened = None,
            // A doubled mark inside a quoted value closes and opens it again.
            ('"', None) if at_value_start => opened = Some(line),
            _ => {}
        }
        // After a closing mark another one follows only where it is doubled.
        at_value_start = matches!(character, ',' | ';' | '\t' | '\n' | '\r' | '"');
        line += usize::from(character == '\n');
    }
    opened
}

/// The first column is the label; the others are the content, one a line, after their names where there are any.
fn unit(row: &StringRecord, names: &StringRecord) -> Result<NewUnit, Code> {
    let label = text::one_line(row.get(0).unwrap_or_default()).ok_or(Code::ForbiddenCharacters)?;
    if label.is_empty() {
        return Err(Code::Required);
    }
    let mut content = String::new();
    for (index, value) in row.iter().enumerate().skip(1) {
        if value.trim().is_empty() {
            continue;
        }
        if !content.is_empty() {
            content.push('\n');
        }
        if let Some(name) = names.get(index).map(str::trim).filter(|name| !name.is_empty()) {
            content.push_str(name);
            content.push_str(": ");
        }
        content.push_str(value);
    }
    let content = text::many_lines(&content).ok_or(Code::ForbiddenCharacters)?;
    if label.chars().count() > MOST_LABEL || content.chars().count() > MOST_CONTENT {
        return Err(Code::TooLong);
    }
    Ok(NewUnit { label: label.to_owned(), content })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str, header: bool) -> Result<Vec<NewUnit>, Vec<(String, Code)>> {
        let mut checks = Checks::new();
        let units = read(&mut checks, text, header);
        checks
            .done(units)
            .map_err(|invalid| invalid.0.into_iter().map(|problem| (problem.field, problem.code)).collect())
    }

    #[test]
    fn the_encodings_of_such_files_are_read() {
        let cp932 = SHIFT_JIS.encode("立科町,髙橋").0.into_owned();
        assert_eq!(csv_text(&cp932).as_deref(), Some("立科町,髙橋"));
        assert_eq!(csv_text("\u{feff}立科町".as_bytes()).as_deref(), Some("立科町"));
        assert_eq!(csv_text("𠮷野".as_bytes()).as_deref(), Some("𠮷野"));
        let unicode: Vec<u8> = "\u{feff}髙橋\t1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(csv_text(&unicode).as_deref(), Some("髙橋\t1"), "what Excel calls Unicode text");
        assert_eq!(csv_text(b"\xff\xfe\x80"), None);
        assert_eq!(csv_text(b"PK\x03\x04\x14\x00\xff\xff"), None);
    }

    #[test]
    fn columns_pasted_from_a_spreadsheet_or_set_apart_by_semicolons_are_columns() {
        let shown = |text| {
            let units = read_all(text, false).unwrap();
            units.into_iter().map(|unit| (unit.label, unit.content)).collect::<Vec<_>>()
        };
        let two = [("A".to_owned(), "あ".to_owned()), ("B".to_owned(), "い".to_owned())];
        assert_eq!(shown("A\tあ\nB\tい\n"), two);
        assert_eq!(shown("A;あ\nB;い\n"), two);
        assert_eq!(shown("A;あ,x\nB,い\n")[0].0, "A;あ", "a comma in the first row decides");
        assert_eq!(shown("A;あ\nB\n")[0].0, "A;あ", "one semicolon alone is part of a name");
    }

    #[test]
    fn empty_lines_count_when_a_row_is_named_by_its_line() {
        let text = "label,text\nA,x\n\n\n,no label\r\n\r\n,neither\n";
        assert_eq!(
            read_all(text, true).unwrap_err(),
            [("csv.5".to_owned(), Code::Required), ("csv.7".to_owned(), Code::Required)]
        );
    }

    #[test]
    fn rows_become_units_and_columns_their_content() {
        let units =
            read_all("\u{feff}番号,氏名,備考\r\nA-1,\"山田, 太郎\",\r\n\r\nA-2,鈴木,\"二行\n目\"\r\n", true)
                .unwrap();
        let shown: Vec<_> = units.iter().map(|unit| (unit.label.as_str(), unit.content.as_str())).collect();
        assert_eq!(shown, [("A-1", "氏名: 山田, 太郎"), ("A-2", "氏名: 鈴木\n備考: 二行\n目")]);
        let plain = read_all("A-1,あ,い\nA-2", false).unwrap();
        assert_eq!((plain[0].content.as_str(), plain[1].content.as_str()), ("あ\nい", ""));
    }

    #[test]
    fn every_bad_row_is_named_by_its_line() {
        let long = "長".repeat(201);
        let text = format!("label,text\nA,x\n,no label\n{long},x\nB,\u{202e}gpj\nC,ok\n");
        assert_eq!(
            read_all(&text, true).unwrap_err(),
            [
                ("csv.3".to_owned(), Code::Required),
                ("csv.4".to_owned(), Code::TooLong),
                ("csv.5".to_owned(), Code::ForbiddenCharacters),
            ]
        );
    }

    #[test]
    fn a_quotation_mark_that_nothing_closes_is_named_by_its_line() {
        let text = "label,text\nA,\"fine \"\"quoted\"\" text\"\nB,\"two\nlines\"\nC,\"open\nD,x\nE,y\n";
        assert_eq!(read_all(text, true).unwrap_err(), [("csv.5".to_owned(), Code::UnclosedQuote)]);
        let inch = read_all("A,17\" screen\n", false).unwrap();
        assert_eq!(inch[0].content, "17\" screen", "a mark inside a value is a mark");
        assert_eq!(read_all("A,\"\"\n", false).unwrap()[0].content, "");
    }

    #[test]
    fn a_header_alone_and_too_many_rows_are_refused() {
        assert_eq!(read_all("label\n", true).unwrap_err(), [("csv".to_owned(), Code::Required)]);
        let many = "x\n".repeat(MOST_UNITS + 1);
        assert_eq!(read_all(&many, false).unwrap_err(), [("csv".to_owned(), Code::OutOfRange)]);
        assert_eq!(read_all(&",\n".repeat(500), false).unwrap_err().len(), MOST_NAMED);
    }
}
