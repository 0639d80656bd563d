//! Excel's workbooks: the first sheet, cell by cell as it stands in the file.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use calamine::{DataRef, Reader as _, Xlsx};

use super::{Encoding, Layout, MOST_COLUMNS, MOST_ROW_BYTES, Row, RowsProblem, Separator};

/// More than a hundred thousand rows of twenty columns unpack to.
const MOST_UNPACKED_BYTES: u64 = 256 * 1024 * 1024;

/// The most rows a sheet has (ECMA-376 part 1, 18.3.1.73: what Excel keeps). A cell says itself in which row it stands, and
/// rows before it that nobody wrote become empty lines.
const MOST_ROWS: u32 = 1_048_576;

const LAYOUT: Layout = Layout { encoding: Encoding::Workbook, separator: Separator::Comma };

fn damaged(error: impl std::fmt::Display) -> RowsProblem {
    RowsProblem::Damaged(error.to_string())
}

/// Unpacks everything into nothing: what an archive says of its sizes may be a lie, and the reader keeps the sheet's
/// shared texts in memory.
fn measure<R: Read + Seek>(source: &mut R) -> Result<(), RowsProblem> {
    let mut archive = zip::ZipArchive::new(BufReader::new(&mut *source)).map_err(damaged)?;
    let mut left = MOST_UNPACKED_BYTES;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(damaged)?;
        let unpacked = io::copy(&mut entry.take(left + 1), &mut io::sink()).map_err(damaged)?;
        left = left.checked_sub(unpacked).ok_or(RowsProblem::Bomb)?;
    }
    drop(archive);
    source.seek(SeekFrom::Start(0))?;
    Ok(())
}

pub(super) fn read<R, E>(mut source: R, visit: &mut dyn FnMut(Layout, Row) -> Result<(), E>) -> Result<(), E>
where
    R: Read + Seek,
    E: From<RowsProblem>,
{
    measure(&mut source)?;
    let mut workbook = Xlsx::new(BufReader::new(source)).map_err(damaged)?;
    let Some(sheet) = workbook.sheet_names().first().cloned() else { return Ok(()) };
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(damaged)?;
    let (mut row, mut bytes): (Option<Row>, usize) = (None, 0);
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (number, column) = cell.get_position();
        let (line, column) = (u64::from(number) + 1, usize::try_from(column).unwrap_or(usize::MAX));
        let text = text_of(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if number >= MOST_ROWS {
            return Err(damaged(format!("row {line} is more than a sheet has")).into());
        }
        if column >= MOST_COLUMNS {
            return Err(RowsProblem::TooManyColumns(line).into());
        }
        if let Some(whole) = row.take_if(|row| row.line != line) {
            visit(LAYOUT, whole)?;
        }
        if row.is_none() {
            bytes = 0;
        }
        bytes += text.len();
        if bytes > MOST_ROW_BYTES {
            return Err(RowsProblem::RowTooLong(line).into());
        }
        let row = row.get_or_insert_with(|| Row { line, cells: Vec::new(), is_unclosed: false });
        if row.cells.len() <= column {
            row.cells.resize(column + 1, String::new());
        }
        if let Some(place) = row.cells.get_mut(column) {
            *place = text;
        }
    }
    row.map_or(Ok(()), |last| visit(LAYOUT, last))
}

/// A cell as a person would have typed it.
fn text_of(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        // Without an exponent and without a fraction where there is none: corporate numbers are numbers to Excel.
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(moment) => match moment.as_datetime() {
            Some(moment) if moment.time() == chrono::NaiveTime::MIN => moment.date().to_string(),
            Some(moment) => moment.to_string(),
            None => String::new(),
        },
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.strip_suffix("T00:00:00").unwrap_or(text).to_owned()
        }
        DataRef::Error(error) => error.to_string(),
    }
}
