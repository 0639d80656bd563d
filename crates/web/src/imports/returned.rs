//! The file once more with what is wrong beside each row, for whoever mends it where it came from.

use std::rc::Rc;

use ::files::rows::{Encoding, Layout};
use actix_web::HttpResponse;
use db::DbError;
use futures_util::stream;
use kernel::Paging;
use sales::imports::{self, Import, ImportId, RowFilter};

use super::words;
use super::workbooks::Workbook;
use crate::call::Call;
use crate::csv;
use crate::failure::Failure;

/// Every row of the file in its order, encoding and separator, with one column more. A workbook goes back as a workbook.
pub(super) async fn send(call: Rc<Call>, id: ImportId) -> Result<HttpResponse, Failure> {
    let (import, file) = call
        .db(move |tx| -> Result<_, DbError> {
            let import = imports::find(tx, id)?;
            let file = ::files::find(tx, import.file_id)?;
            Ok((import, file))
        })
        .await?;
    let (Some(encoding), Some(separator), None) = (import.encoding, import.separator, import.forgotten_at)
    else {
        return Err(Failure::not_found());
    };
    let mut head = of_the_file(&import.headers, import.headers.clone());
    head.push(imports::reason_header(call.language).to_owned());
    let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
    let is_workbook = encoding == Encoding::Workbook;
    let ending = if is_workbook { "xlsx" } else { "csv" };
    let name = format!("{stem}{}.{ending}", call.text("import-returned-suffix"));
    let import = Rc::new(import);
    if is_workbook {
        return workbook(&call, &import, &head, &name).await;
    }
    let pages = stream::unfold((call, import, Some(0)), |(call, import, after)| async move {
        let after = after?;
        match page(&call, &import, after).await {
            Ok((rows, next)) => Some((Ok(rows), (call, import, next))),
            Err(failure) => Some((Err(failure), (call, import, None))),
        }
    });
    Ok(csv::download_as(Layout { encoding, separator }, &name, &head, pages))
}

async fn workbook(
    call: &Rc<Call>,
    import: &Import,
    head: &[String],
    name: &str,
) -> Result<HttpResponse, Failure> {
    let mut book = Workbook::begin(head)?;
    let mut after = Some(0);
    while let Some(last) = after {
        let (rows, next) = page(call, import, last).await?;
        book = book.with(rows).await?;
        after = next;
    }
    book.sent(name)
}

/// The cells that were the file's own: what an answer before this one has said of its rows is said anew.
fn of_the_file(headers: &[String], cells: Vec<String>) -> Vec<String> {
    let own = headers.iter().zip(cells).filter(|(header, _)| !imports::is_reason(header));
    own.map(|(_, cell)| cell).collect()
}

/// A row as it goes back. What stands beyond the file's columns stays beyond them, behind the reason: the row is too long
/// still, and refused again until somebody has put each cell where it belongs.
fn with_reason(headers: &[String], mut cells: Vec<String>, reason: String) -> Vec<String> {
    let width = headers.len();
    let mut beyond = if cells.len() > width { cells.split_off(width) } else { Vec::new() };
    while beyond.last().is_some_and(|cell| cell.trim().is_empty()) {
        beyond.pop();
    }
    cells.resize(width, String::new());
    let mut cells = of_the_file(headers, cells);
    cells.push(reason);
    cells.append(&mut beyond);
    cells
}

async fn page(
    call: &Rc<Call>,
    import: &Import,
    after: i32,
) -> Result<(Vec<Vec<String>>, Option<i32>), Failure> {
    let id = import.id;
    let paging = Paging { after: Some(after), ..Paging::first(Paging::<i32>::MOST) };
    let found = call.db(move |tx| imports::rows(tx, id, RowFilter::default(), &paging)).await?;
    let line = |row: imports::ImportRow| {
        let wrong = words::all_in_one(call, import, &row.problems);
        let cells = row.cells.into_iter().map(|cell| ::files::rows::unguarded(&cell).to_owned()).collect();
        with_reason(&import.headers, cells, wrong)
    };
    Ok((found.items.into_iter().map(line).collect(), found.next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beyond_the_columns_goes_back_behind_the_reason() {
        let said = |headers: &[&str], row: &[&str]| {
            let owned = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
            with_reason(&owned(headers), owned(row), "wrong".to_owned())
        };
        let headers = ["会社名", "住所"];
        assert_eq!(said(&headers, &["甲"]), ["甲", "", "wrong"]);
        assert_eq!(said(&headers, &["甲", "米子", "", "y", "z", ""]), ["甲", "米子", "wrong", "", "y", "z"]);
        assert_eq!(said(&headers, &["甲", "米子", "", " "]), ["甲", "米子", "wrong"]);
        let again = ["会社名", "住所", imports::reason_header(kernel::Language::Ja)];
        assert_eq!(said(&again, &["甲", "米子", "old", "y"]), ["甲", "米子", "wrong", "y"]);
    }
}
