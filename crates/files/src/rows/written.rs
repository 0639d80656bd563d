//! A workbook written row by row: one sheet in which every cell is text, as it was given. What reads as a number, or begins like a
//! formula, stays what it is: a corporate number keeps its zeros, and nothing runs (ECMA-376 part 1, 18.3.1.4 and 18.18.11).

use std::io::{self, Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What makes an archive a workbook with one sheet.
pub(super) const PARTS: [(&str, &str); 4] = [
    (
        "[Content_Types].xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Override PartName=\"/xl/workbook.xml\" \
         ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>\
         <Override PartName=\"/xl/worksheets/sheet1.xml\" \
         ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>",
    ),
    (
        "_rels/.rels",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
         Target=\"xl/workbook.xml\"/></Relationships>",
    ),
    (
        "xl/workbook.xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
         <sheets><sheet name=\"1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
         Target=\"worksheets/sheet1.xml\"/></Relationships>",
    ),
];
pub(super) const SHEET_BEGINS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
    <worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";
pub(super) const SHEET_ENDS: &str = "</sheetData></worksheet>";

/// A workbook that is being written; only its packed bytes are in memory.
pub struct WorkbookWriter {
    archive: ZipWriter<Cursor<Vec<u8>>>,
}

impl WorkbookWriter {
    /// Begins with the row above all others.
    pub fn begin(head: &[String]) -> io::Result<Self> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in PARTS {
            archive.start_file(name, SimpleFileOptions::default())?;
            archive.write_all(content.as_bytes())?;
        }
        archive.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default())?;
        archive.write_all(SHEET_BEGINS.as_bytes())?;
        let mut workbook = Self { archive };
        workbook.row(head)?;
        Ok(workbook)
    }

    /// Adds a row below.
    pub fn row(&mut self, cells: &[String]) -> io::Result<()> {
        let mut row = String::from("<row>");
        for cell in cells {
            if cell.is_empty() {
                row.push_str("<c/>");
                continue;
            }
            row.push_str("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">");
            cell.chars().for_each(|character| push(&mut row, character));
            row.push_str("</t></is></c>");
        }
        row.push_str("</row>");
        self.archive.write_all(row.as_bytes())
    }

    /// The whole file.
    pub fn finish(mut self) -> io::Result<Vec<u8>> {
        self.archive.write_all(SHEET_ENDS.as_bytes())?;
        Ok(self.archive.finish()?.into_inner())
    }
}

/// A character as XML has it; what XML has no way to write is left out (XML 1.0, 2.2).
fn push(text: &mut String, character: char) {
    match character {
        '&' => text.push_str("&amp;"),
        '<' => text.push_str("&lt;"),
        '>' => text.push_str("&gt;"),
        '\r' => text.push_str("&#13;"),
        '\t' | '\n' => text.push(character),
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
        _ => text.push(character),
    }
}
