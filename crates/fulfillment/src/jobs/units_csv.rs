//! Units from a file of rows, or from rows pasted from a spreadsheet, with every bad row named by its line.

use csv::{ReaderBuilder, StringRecord};
use files::rows::{line_at, separator_of, unclosed_quote};
use kernel::{Checks, Code, text};

use super::model::MOST_UNITS;
use crate::units::store::NewUnit;

/// At most this many bad rows are named; who sees a hundred has seen the pattern.
const MOST_NAMED: usize = 100;
const MOST_LABEL: usize = 200;
const MOST_CONTENT: usize = 10_000;

/// Reads every row; problems are noted on the field `csv.LINE`, and any problem means that nothing is split off.
pub(super) fn read(checks: &mut Checks, text: &str, header: bool) -> Vec<NewUnit> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let separator = separator_of(text);
    let mut reader = ReaderBuilder::new()
        .has_headers(header)
        .flexible(true)
        .delimiter(u8::try_from(separator.character()).unwrap_or(b','))
        .from_reader(text.as_bytes());
    if let Some(line) = unclosed_quote(text, separator) {
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
