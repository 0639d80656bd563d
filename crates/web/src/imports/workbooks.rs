//! Rows as a workbook. Its table of contents stands at its end, so it is sent once it is whole; packing a page of rows takes a while,
//! and others wait on this thread.

use std::io;

use ::files::MediaType;
use ::files::rows::WorkbookWriter;
use actix_web::HttpResponse;
use actix_web::http::header;

use crate::failure::Failure;

/// A workbook that is being written.
pub(super) struct Workbook(WorkbookWriter);

impl Workbook {
    /// Begins with the row above all others.
    pub(super) fn begin(head: &[String]) -> Result<Self, Failure> {
        WorkbookWriter::begin(head).map(Self).map_err(unwritten)
    }

    /// The same with a page of rows more.
    pub(super) async fn with(self, rows: Vec<Vec<String>>) -> Result<Self, Failure> {
        let Self(mut written) = self;
        let packed = tokio::task::spawn_blocking(move || -> io::Result<WorkbookWriter> {
            rows.iter().try_for_each(|row| written.row(row))?;
            Ok(written)
        });
        packed.await.map_err(unwritten)?.map(Self).map_err(unwritten)
    }

    /// Sends it whole.
    pub(super) fn sent(self, name: &str) -> Result<HttpResponse, Failure> {
        Ok(HttpResponse::Ok()
            .content_type(MediaType::Xlsx.as_str())
            .insert_header((header::CONTENT_DISPOSITION, ::files::content_disposition(name)))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .body(self.0.finish().map_err(unwritten)?))
    }
}

fn unwritten(error: impl std::fmt::Display) -> Failure {
    Failure::internal(error.to_string())
}
