//! PNG (W3C, third edition, sections 5 and 11): chunks, each with its length, its type and a check sum.

use super::Pieces;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// What else than the picture itself is needed to show it as it is: colour, transparency, size, animation.
const NEEDED: [&[u8; 4]; 16] = [
    b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST",
    b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
];

pub(super) fn cleaned(file: &[u8]) -> Option<Vec<u8>> {
    let mut rest = Pieces(file);
    let mut kept = Vec::with_capacity(file.len());
    kept.extend(rest.take(SIGNATURE.len()).filter(|begin| *begin == SIGNATURE)?);
    let (mut is_first, mut pixel_bytes) = (true, 0);
    loop {
        let whole = rest.0;
        let length = usize::try_from(rest.number(4)?).ok()?;
        let name: [u8; 4] = rest.array()?;
        let content = rest.take(length)?;
        rest.take(4)?;
        if is_first && (&name != b"IHDR" || !has_size(content)) {
            return None;
        }
        is_first = false;
        if &name == b"IDAT" {
            pixel_bytes += length;
        }
        if name.first().is_some_and(u8::is_ascii_uppercase) || NEEDED.contains(&&name) {
            kept.extend(whole.get(..length.checked_add(12)?)?);
        }
        if &name == b"IEND" {
            return (pixel_bytes > 0).then_some(kept);
        }
    }
}

/// Whether a header names a picture that has a width and a height (11.2.1).
fn has_size(header: &[u8]) -> bool {
    let mut rest = Pieces(header);
    let sides = [rest.number(4), rest.number(4)];
    header.len() == 13 && sides.iter().all(|side| side.is_some_and(|side| side > 0))
}
