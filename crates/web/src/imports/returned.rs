//! The file once more with what is wrong beside each row, for whoever mends it where it came from.

use std::io;
use std::rc::Rc;

use ::files::MediaType;
use ::files::rows::{Encoding, Layout, WorkbookWriter};
use actix_web::HttpResponse;
use actix_web::http::header;
use db::DbError;
use futures_util::stream;
use kernel::Paging;
use sales::imports::{self, Import, ImportId, RowFilter};

use super::words;
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
    let mut head = of_the_file(&import, import.headers.clone());
    head.push(imports::reason_header(call.language).to_owned());
    let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
    let is_workbook = encoding == Encoding::Workbook;
    let ending = if is_workbook { "xlsx" } else { "csv" };
    let name = format!("{stem}{}.{ending}", call.text("import-returned-suffix"));
    let import = Rc::new(import);
    if is_workbook {
        return workbook(&call, &import, head, &name).await;
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

/// The rows as a workbook. Its table of contents stands at its end, so it is sent once it is whole; packing a page of rows takes a
/// while, and others wait on this thread.
async fn workbook(
    call: &Rc<Call>,
    import: &Import,
    head: Vec<String>,
    name: &str,
) -> Result<HttpResponse, Failure> {
    let mut written = WorkbookWriter::begin(&head).map_err(unwritten)?;
    let mut after = Some(0);
    while let Some(last) = after {
        let (rows, next) = page(call, import, last).await?;
        let packed = tokio::task::spawn_blocking(move || -> io::Result<WorkbookWriter> {
            rows.iter().try_for_each(|row| written.row(row))?;
            Ok(written)
        });
        written = packed.await.map_err(unwritten)?.map_err(unwritten)?;
        after = next;
    }
    Ok(HttpResponse::Ok()
        .content_type(MediaType::Xlsx.as_str())
        .insert_header((header::CONTENT_DISPOSITION, ::files::content_disposition(name)))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(written.finish().map_err(unwritten)?))
}

fn unwritten(error: impl std::fmt::Display) -> Failure {
    Failure::internal(error.to_string())
}

/// The cells that were the file's own: what an answer before this one has said of its rows is said anew.
fn of_the_file(import: &Import, cells: Vec<String>) -> Vec<String> {
    let own = import.headers.iter().zip(cells).filter(|(header, _)| !imports::is_reason(header));
    own.map(|(_, cell)| cell).collect()
}

async fn page(
    call: &Rc<Call>,
    import: &Import,
    after: i32,
) -> Result<(Vec<Vec<String>>, Option<i32>), Failure> {
    let id = import.id;
    let paging = Paging { after: Some(after), ..Paging::first(Paging::<i32>::MOST) };
    let found = call.db(move |tx| imports::rows(tx, id, RowFilter::default(), &paging)).await?;
    let width = import.headers.len();
    let line = |row: imports::ImportRow| {
        let wrong = words::all_in_one(call, import, &row.problems);
        let mut cells: Vec<String> =
            row.cells.into_iter().map(|cell| ::files::rows::unguarded(&cell).to_owned()).collect();
        // Beyond the file's columns nothing has a name: what stands there is said in the last column.
        cells.resize(width, String::new());
        let mut cells = of_the_file(import, cells);
        cells.push(wrong);
        cells
    };
    Ok((found.items.into_iter().map(line).collect(), found.next))
}
