//! Which kinds of file are accepted. A kind is known by its extension, and its content has to agree.

use kernel::text_enum;

use crate::names;

text_enum!(
    /// The media type of an accepted file.
    MediaType {
        /// PDF.
        Pdf = "application/pdf",
        /// PNG.
        Png = "image/png",
        /// JPEG.
        Jpeg = "image/jpeg",
        /// WebP.
        Webp = "image/webp",
        /// A photo as iPhones take it (HEVC in HEIF).
        Heic = "image/heic",
        /// A picture in the same container by another name.
        Heif = "image/heif",
        /// Comma-separated text in UTF-8, CP932 or UTF-16.
        Csv = "text/csv",
        /// Text in UTF-8, CP932 or UTF-16.
        PlainText = "text/plain",
        /// Excel.
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        /// Word.
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        /// PowerPoint.
        Pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        /// An archive.
        Zip = "application/zip",
    }
);

impl MediaType {
    /// The extensions that are accepted, for the `accept` attribute of a file field.
    pub const EXTENSIONS: &'static [&'static str] =
        &["pdf", "png", "jpg", "jpeg", "webp", "heic", "heif", "csv", "txt", "xlsx", "docx", "pptx", "zip"];

    /// What a file of this name should be; `None` for every other extension.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Some(match names::extension(name)?.as_str() {
            "pdf" => Self::Pdf,
            "png" => Self::Png,
            "jpg" | "jpeg" => Self::Jpeg,
            "webp" => Self::Webp,
            "heic" => Self::Heic,
            "heif" => Self::Heif,
            "csv" => Self::Csv,
            "txt" => Self::PlainText,
            "xlsx" => Self::Xlsx,
            "docx" => Self::Docx,
            "pptx" => Self::Pptx,
            "zip" => Self::Zip,
            _ => return None,
        })
    }

    /// Whether the file's first bytes are those of this kind. Text has none of its own, only none of others', and archives are
    /// looked into further.
    pub(crate) fn begins_like(self, head: &[u8]) -> bool {
        match self {
            Self::Pdf | Self::Png | Self::Jpeg | Self::Webp => infer::is_mime(head, self.as_str()),
            Self::Heic | Self::Heif => is_heif(head),
            Self::Csv | Self::PlainText => !NO_TEXT.iter().any(|sign| head.starts_with(sign)),
            Self::Xlsx | Self::Docx | Self::Pptx | Self::Zip => head.starts_with(b"PK\x03\x04"),
        }
    }

    /// Whether it has to be text throughout.
    pub(crate) const fn is_text(self) -> bool {
        matches!(self, Self::Csv | Self::PlainText)
    }

    /// Whether it is a picture, in which a camera may have noted where it was taken.
    pub(crate) const fn is_picture(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Webp | Self::Heic | Self::Heif)
    }

    /// Whether it is a ZIP container.
    pub(crate) const fn is_archive(self) -> bool {
        matches!(self, Self::Xlsx | Self::Docx | Self::Pptx | Self::Zip)
    }

    /// The folder that makes a ZIP container this kind of office document (ECMA-376 part 2).
    pub(crate) const fn main_folder(self) -> Option<&'static str> {
        match self {
            Self::Xlsx => Some("xl/"),
            Self::Docx => Some("word/"),
            Self::Pptx => Some("ppt/"),
            _ => None,
        }
    }
}

/// How files begin that people rename to text: PDF, PNG, JPEG, GIF, ZIP and with it workbooks, old Office, gzip. No table does.
const NO_TEXT: [&[u8]; 7] =
    [b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"];

/// Whether a file begins with the brand of a HEIF picture (ISO/IEC 23008-12, 10.2): cameras write either name for both.
fn is_heif(head: &[u8]) -> bool {
    const BRANDS: [&[u8]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
    head.get(4..8) == Some(b"ftyp") && head.get(8..12).is_some_and(|brand| BRANDS.contains(&brand))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_extension_is_a_kind_and_no_other_is() {
        for extension in MediaType::EXTENSIONS {
            assert!(MediaType::of_name(&format!("x.{}", extension.to_uppercase())).is_some());
        }
        for name in ["x.exe", "x.html", "x.svg", "x.xlsm", "x.pdf.js", "x", ".pdf", "x.pdf "] {
            assert_eq!(MediaType::of_name(name), None, "{name}");
        }
    }

    #[test]
    fn content_that_is_something_else_is_noticed() {
        assert!(MediaType::Pdf.begins_like(b"%PDF-1.7\n"));
        assert!(MediaType::Png.begins_like(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"));
        assert!(MediaType::Jpeg.begins_like(b"\xff\xd8\xff\xe0\0\x10JFIF"));
        for brand in ["heic", "mif1"] {
            let head = format!("\0\0\0\x18ftyp{brand}\0\0\0\0");
            assert!(
                MediaType::Heic.begins_like(head.as_bytes()) && MediaType::Heif.begins_like(head.as_bytes())
            );
        }
        assert!(!MediaType::Heic.begins_like(b"\0\0\0\x18ftypisom\0\0\0\0"), "a film");
        for renamed in [&b"%PDF-1.4\n1 0 obj"[..], b"PK\x03\x04\x14", b"\xd0\xcf\x11\xe0\xa1", b"\x89PNG\r\n"]
        {
            assert!(!MediaType::Csv.begins_like(renamed) && !MediaType::PlainText.begins_like(renamed));
        }
        for table in [&b"\xff\xfeA\0"[..], b"\xef\xbb\xbfa,b", b"PKW,BMW\n", b"%,a\n", b""] {
            assert!(MediaType::Csv.begins_like(table), "{table:?}");
        }
        assert!(MediaType::Webp.begins_like(b"RIFF\x24\0\0\0WEBPVP8 "));
        for other in
            [&b"<!DOCTYPE html><script>"[..], b"<svg onload=alert(1)>", b"MZ\x90", b"PK\x05\x06", b"", b"PK"]
        {
            for kind in [
                MediaType::Pdf,
                MediaType::Png,
                MediaType::Jpeg,
                MediaType::Webp,
                MediaType::Heic,
                MediaType::Xlsx,
                MediaType::Zip,
            ] {
                assert!(!kind.begins_like(other), "{kind} {other:?}");
            }
        }
    }
}
