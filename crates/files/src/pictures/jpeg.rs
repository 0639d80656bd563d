//! JPEG (ITU-T T.81, annex B): segments, and what was coded between them.

use super::{Pieces, orientation};

const MARK: u8 = 0xff;
const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const COMMENT: u8 = 0xfe;
const FIRST_APPLICATION: u8 = 0xe0;
const LAST_APPLICATION: u8 = 0xef;

/// Whether a segment says how the picture is shown: JFIF's density, a colour profile, Adobe's colour transform.
fn is_needed(marker: u8, content: &[u8]) -> bool {
    match marker {
        0xe0 => content.starts_with(b"JFIF\0"),
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => content.starts_with(b"Adobe"),
        FIRST_APPLICATION..=LAST_APPLICATION | COMMENT => false,
        _ => true,
    }
}

pub(super) fn cleaned(file: &[u8]) -> Option<Vec<u8>> {
    let mut rest = Pieces(file);
    let mut kept = Vec::with_capacity(file.len());
    kept.extend(rest.take(2).filter(|start| *start == [MARK, START])?);
    let mut turned = None;
    let mut has_scan = false;
    loop {
        let marker = marker(&mut rest)?;
        if marker == END && has_scan {
            kept.extend([MARK, END]);
            return Some(kept);
        }
        // Marks without content stand between coded bytes alone.
        if matches!(marker, 0 | 0x01 | 0xd0..=END) {
            return None;
        }
        let length = rest.array().map(u16::from_be_bytes)?;
        let content = rest.take(usize::from(length).checked_sub(2)?)?;
        if marker == 0xe1 && turned.is_none() {
            turned = content.strip_prefix(b"Exif\0\0").and_then(orientation::of_tiff);
        }
        if is_needed(marker, content) {
            if !matches!(marker, FIRST_APPLICATION..=LAST_APPLICATION)
                && let Some(turned) = turned.take_if(|_| !has_scan)
            {
                turn(&mut kept, turned);
            }
            kept.extend([MARK, marker]);
            kept.extend(length.to_be_bytes());
            kept.extend(content);
        }
        if marker == SCAN {
            has_scan = true;
            kept.extend(rest.take(coded(rest.0))?);
            // Some cameras forget the end, and every program shows their pictures.
            if rest.0.is_empty() {
                kept.extend([MARK, END]);
                return Some(kept);
            }
        }
    }
}

/// The next marker; any number of fill bytes may stand before it (B.1.1.2).
fn marker(rest: &mut Pieces<'_>) -> Option<u8> {
    if rest.array()? != [MARK] {
        return None;
    }
    loop {
        let [byte] = rest.array()?;
        if byte != MARK {
            return Some(byte);
        }
    }
}

/// How many coded bytes stand before the next marker: a stuffed zero and a restart do not end them (B.1.1.5).
fn coded(rest: &[u8]) -> usize {
    let ends = |pair: &[u8]| matches!(pair, [MARK, after] if !matches!(*after, 0 | 0xd0..=0xd7 | MARK));
    let is_fill = |pair: &[u8]| pair == [MARK, MARK];
    rest.windows(2).position(|pair| ends(pair) || is_fill(pair)).unwrap_or(rest.len())
}

fn turn(kept: &mut Vec<u8>, turned: u8) {
    let tiff = orientation::tiff(turned);
    kept.extend([MARK, 0xe1, 0, 34]);
    kept.extend(b"Exif\0\0");
    kept.extend(tiff);
}
