//! Rows out of a file as people have it: CSV in the encodings and with the separators that spreadsheets write, and
//! Excel's own workbooks. One row is in memory at a time, whatever the file is.
//!
//! Invariant: a row is named by the number that a spreadsheet shows beside it, empty lines counted and line breaks inside
//! quotation marks not (`every_row_knows_its_number_in_a_spreadsheet`); what nothing closes is told, never swallowed.

mod guard;
#[cfg(test)]
mod tests;
mod text;
mod workbook;
mod written;

use std::io::{self, Read, Seek};

use kernel::text_enum;

pub use guard::{guarded, unguarded};
pub use text::{Encoder, line_at, separator_of, text_of, unclosed_quote};
pub use written::WorkbookWriter;

use crate::MediaType;

/// The longest row, in bytes of UTF-8: many times what any real one has.
pub const MOST_ROW_BYTES: usize = 256 * 1024;

/// The longest text of a whole workbook, several times what any form takes. Many cells may share one text of the file, so the file
/// itself does not bound it.
const MOST_TEXT_BYTES: usize = 16 * 1024 * 1024;

/// The most columns a file may have.
pub const MOST_COLUMNS: usize = 200;

text_enum!(
    /// How a file of rows is written.
    Encoding {
        /// UTF-8.
        Utf8 = "utf-8",
        /// UTF-8 with a byte-order mark, as Excel saves it.
        Utf8Marked = "utf-8-bom",
        /// `Shift_JIS` as Windows writes it.
        Cp932 = "cp932",
        /// EUC-JP, as older systems write it.
        EucJp = "euc-jp",
        /// UTF-16, the low byte first, with a byte-order mark: Excel's "Unicode text".
        Utf16Le = "utf-16le",
        /// UTF-16, the high byte first, with a byte-order mark.
        Utf16Be = "utf-16be",
        /// A workbook (xlsx); its first sheet is read.
        Workbook = "xlsx",
    }
);

text_enum!(
    /// What stands between the columns.
    Separator {
        /// A comma.
        Comma = "comma",
        /// A tab.
        Tab = "tab",
        /// A semicolon.
        Semicolon = "semicolon",
    }
);

impl Separator {
    /// The character itself.
    pub const fn character(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Tab => '\t',
            Self::Semicolon => ';',
        }
    }
}

/// How a file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// How its characters are written.
    pub encoding: Encoding,
    /// What stands between its columns.
    pub separator: Separator,
}

/// One row as it stands in the file; rows with nothing in any column are passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in a spreadsheet, from 1: an empty line counts, a line break within a value does not.
    pub line: u64,
    /// Its values, as many as it has. What the encoding does not have is `U+FFFD`.
    pub cells: Vec<String>,
    /// A quotation mark opens one of its values and nothing closes it: the rest of the file is in there.
    pub is_unclosed: bool,
}

impl Row {
    fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Why a file gives no rows, or no more.
#[derive(Debug, thiserror::Error)]
pub enum RowsProblem {
    /// A row longer than [`MOST_ROW_BYTES`]: mostly a quotation mark that nothing closes.
    #[error("row {0} is longer than {MOST_ROW_BYTES} bytes")]
    RowTooLong(u64),
    /// More than [`MOST_COLUMNS`] columns.
    #[error("row {0} has more than {MOST_COLUMNS} columns")]
    TooManyColumns(u64),
    /// A workbook that cannot be read.
    #[error("the workbook cannot be read: {0}")]
    Damaged(String),
    /// A workbook that unpacks to far more than it is.
    #[error("the workbook unpacks to far more than it is")]
    Bomb,
    /// The source stopped giving bytes.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The first sheet of a workbook as comma-separated text whose lines are the sheet's rows: rows with nothing in them are
/// empty lines, and a break inside a cell is a lone carriage return, which ends no line. [`RowsProblem::Bomb`] beyond 16 MiB.
pub fn text_of_workbook(bytes: &[u8]) -> Result<String, RowsProblem> {
    let (mut text, mut lines) = (String::new(), 0);
    read::<_, RowsProblem>(io::Cursor::new(bytes), MediaType::Xlsx, &mut |_layout, row| {
        while lines + 1 < row.line {
            text.push('\n');
            lines += 1;
        }
        for cell in &row.cells {
            let cell = cell.replace("\r\n", "\r").replace('\n', "\r").replace('"', "\"\"");
            text.push('"');
            text.push_str(&cell);
            text.push_str("\",");
        }
        // Each row ends with an empty value, so that a comma is what stands between, however many columns there are.
        text.push('\n');
        lines += 1;
        if text.len() > MOST_TEXT_BYTES { Err(RowsProblem::Bomb) } else { Ok(()) }
    })?;
    Ok(text)
}

/// Reads every row of `source` in order and hands each to `visit`, until the end or `visit`'s first error.
pub fn read<R, E>(
    source: R,
    media_type: MediaType,
    visit: &mut dyn FnMut(Layout, Row) -> Result<(), E>,
) -> Result<(), E>
where
    R: Read + Seek,
    E: From<RowsProblem>,
{
    let mut visit_filled = |layout: Layout, row: Row| {
        if row.cells.len() > MOST_COLUMNS {
            return Err(RowsProblem::TooManyColumns(row.line).into());
        }
        if row.is_empty() { Ok(()) } else { visit(layout, row) }
    };
    match media_type {
        MediaType::Xlsx => workbook::read(source, &mut visit_filled),
        _ => text::read(source, &mut visit_filled),
    }
}
