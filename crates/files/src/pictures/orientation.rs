//! Which way up a picture is: the one thing of EXIF that is needed to show it (TIFF 6.0 section 2; Exif 2.32, 4.6.4).

const ORIENTATION: u16 = 0x0112;
/// An unsigned 16-bit number (TIFF 6.0, field type 3).
const SHORT: u16 = 3;
const ENTRY_BYTES: usize = 12;

/// The orientation that a TIFF structure names, 2 to 8; none where it is upright or says nothing that can be read.
pub(super) fn of_tiff(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let first = *tiff.get(4..)?.first_chunk()?;
    let first = if little { u32::from_le_bytes(first) } else { u32::from_be_bytes(first) };
    let first = usize::try_from(first).ok()?;
    let entries = usize::from(short(first)?);
    let entry = (0..entries)
        .map(|index| first + 2 + index * ENTRY_BYTES)
        // Never more than are there: a picture may hold thousands of structures, each of which names 65,535.
        .take_while(|at| at + ENTRY_BYTES <= tiff.len())
        .find(|at| short(*at) == Some(ORIENTATION) && short(at + 2) == Some(SHORT))?;
    let value = short(entry + 8)?;
    u8::try_from(value).ok().filter(|value| (2..=8).contains(value))
}

/// A TIFF structure that says this and nothing else.
pub(super) fn tiff(orientation: u8) -> [u8; 26] {
    [
        b'M',
        b'M',
        0,
        b'*',
        0,
        0,
        0,
        8, // its directory follows
        0,
        1, // one entry
        0x01,
        0x12,
        0,
        3,
        0,
        0,
        0,
        1,
        0,
        orientation,
        0,
        0, // the orientation, one SHORT
        0,
        0,
        0,
        0, // and no directory more
    ]
}
