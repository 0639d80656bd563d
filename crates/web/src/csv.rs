//! Lists as CSV that a double click opens in Excel: UTF-8 with a byte order mark, CRLF, and no cell that runs as a formula.

use actix_web::HttpResponse;
use actix_web::http::header;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};

use crate::failure::Failure;

/// Without it Excel reads UTF-8 as the system's old encoding.
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Answers with a file of `head` and the rows of `pages`, each sent when it has been read. A page that cannot be read
/// ends the connection, so that nobody takes half a list for all of it.
pub(crate) fn download<S>(name: &str, head: &[String], pages: S) -> HttpResponse
where
    S: Stream<Item = Result<Vec<Vec<String>>, Failure>> + 'static,
{
    let begin = [BYTE_ORDER_MARK.as_bytes(), lines(&[head.to_vec()]).as_ref()].concat();
    let rest = pages.map(|page| match page {
        Ok(rows) => Ok(lines(&rows)),
        Err(failure) => Err(std::io::Error::other(failure.code.to_string())),
    });
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, ::files::content_disposition(name)))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .streaming(stream::once(std::future::ready(Ok(Bytes::from(begin)))).chain(rest))
}

fn lines(rows: &[Vec<String>]) -> Bytes {
    rows.iter().map(|row| line(row)).collect::<String>().into()
}

fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell_of(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

fn cell_of(text: &str) -> String {
    let safe = if text.starts_with(FORMULA) { format!("'{text}") } else { text.to_owned() };
    if safe.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_no_formula_runs() {
        let cells = ["名簿", "=1+1", "-5", "@SUM", "a,\"b\"", "二行\n目", "\tx", ""].map(str::to_owned);
        let expected = "名簿,'=1+1,'-5,'@SUM,\"a,\"\"b\"\"\",\"二行\n目\",'\tx,\r\n";
        assert_eq!(line(&cells), expected);
    }
}
