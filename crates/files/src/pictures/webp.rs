//! WebP (RFC 9649): a RIFF container of chunks, each padded to an even length.

use super::Pieces;

const NEEDED: [&[u8; 4]; 7] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
/// The bits of the extended header that announce EXIF and XMP (2.7).
const HAS_NOTES: u8 = 0b0000_1100;

pub(super) fn cleaned(file: &[u8]) -> Option<Vec<u8>> {
    let mut rest = Pieces(file);
    let [b'R', b'I', b'F', b'F'] = rest.array()? else { return None };
    let size = rest.array().map(u32::from_le_bytes)?;
    let mut rest = Pieces(rest.take(usize::try_from(size).ok()?)?);
    let [b'W', b'E', b'B', b'P'] = rest.array()? else { return None };
    let mut chunks: Vec<u8> = Vec::with_capacity(file.len());
    let mut has_picture = false;
    while !rest.0.is_empty() {
        let name: [u8; 4] = rest.array()?;
        let length = rest.array().map(u32::from_le_bytes)?;
        let content = rest.take(usize::try_from(length).ok()?)?;
        if content.len() % 2 == 1 && !rest.0.is_empty() {
            rest.take(1)?;
        }
        if !NEEDED.contains(&&name) {
            continue;
        }
        has_picture |= matches!(&name, b"VP8 " | b"VP8L" | b"ANMF") && !content.is_empty();
        chunks.extend(name);
        chunks.extend(length.to_le_bytes());
        let begins = chunks.len();
        chunks.extend(content);
        if &name == b"VP8X" {
            *chunks.get_mut(begins)? &= !HAS_NOTES;
        }
        if content.len() % 2 == 1 {
            chunks.push(0);
        }
    }
    if !has_picture {
        return None;
    }
    let size = u32::try_from(chunks.len() + 4).ok()?;
    Some([b"RIFF", &size.to_le_bytes()[..], b"WEBP", &chunks].concat())
}
