//! Lists as CSV that a double click opens in Excel: UTF-8 with a byte order mark unless another encoding is asked for,
//! CRLF, and no cell that runs as a formula.

use ::files::rows::{Encoder, Encoding, Layout, Separator};
use actix_web::HttpResponse;
use actix_web::http::header;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};

use crate::failure::Failure;

/// Without its mark Excel reads UTF-8 as the system's old encoding.
const FOR_EXCEL: Layout = Layout { encoding: Encoding::Utf8Marked, separator: Separator::Comma };

/// Answers with a file of `head` and the rows of `pages`, each sent when it has been read. A page that cannot be read
/// ends the connection, so that nobody takes half a list for all of it.
pub(crate) fn download<S>(name: &str, head: &[String], pages: S) -> HttpResponse
where
    S: Stream<Item = Result<Vec<Vec<String>>, Failure>> + 'static,
{
    download_as(FOR_EXCEL, name, head, pages)
}

/// [`download`] laid out as `layout` says.
pub(crate) fn download_as<S>(layout: Layout, name: &str, head: &[String], pages: S) -> HttpResponse
where
    S: Stream<Item = Result<Vec<Vec<String>>, Failure>> + 'static,
{
    let encoder = Encoder(layout);
    let begin = [encoder.begin(), encoder.line(head).as_slice()].concat();
    let rest = pages.map(move |page| match page {
        Ok(rows) => Ok(rows.iter().flat_map(|row| encoder.line(row)).collect::<Bytes>()),
        Err(failure) => Err(std::io::Error::other(failure.code.to_string())),
    });
    HttpResponse::Ok()
        .content_type(content_type(layout.encoding))
        .insert_header((header::CONTENT_DISPOSITION, ::files::content_disposition(name)))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .streaming(stream::once(std::future::ready(Ok(Bytes::from(begin)))).chain(rest))
}

const fn content_type(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 | Encoding::Utf8Marked | Encoding::Workbook => "text/csv; charset=utf-8",
        Encoding::Cp932 => "text/csv; charset=Shift_JIS",
        Encoding::EucJp => "text/csv; charset=EUC-JP",
        Encoding::Utf16Le | Encoding::Utf16Be => "text/csv; charset=utf-16",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_no_formula_runs() {
        let cells = ["名簿", "=1+1", "-5", "@SUM", "a,\"b\"", "二行\n目", "\tx", ""];
        let expected = "名簿,'=1+1,'-5,'@SUM,\"a,\"\"b\"\"\",\"二行\n目\",'\tx,\r\n";
        assert_eq!(Encoder(FOR_EXCEL).line(&cells), expected.as_bytes());
    }
}
