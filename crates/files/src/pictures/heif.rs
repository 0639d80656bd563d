//! HEIF (ISO/IEC 23008-12 in the boxes of ISO/IEC 14496-12, 8.11): what a camera notes is an item of its own among those of the
//! picture. Taking it out would move everything behind it, so its bytes are overwritten where they stand. Which way up the
//! picture is, a property of it says.

use std::collections::HashSet;
use std::ops::Range;

use super::Pieces;

/// The kinds of items that are notes: EXIF, and XMP as one kind of MIME (ISO/IEC 23008-12 annex A).
const NOTES: [&[u8; 4]; 3] = [b"Exif", b"mime", b"uri "];
/// A TIFF structure without anything in it, after the four bytes that say where it begins.
const NO_NOTES: &[u8] = b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0";
/// The most boxes in one place, the most items, and the most extents of all items together. The largest photos of phones have a
/// few hundred, one for each tile. Without a bound a few bytes could stand for millions: an extent whose fields are empty takes
/// no bytes at all.
const MOST: usize = 4_096;

pub(super) fn cleaned(mut file: Vec<u8>) -> Option<Vec<u8>> {
    let places = notes(&file)?;
    for place in places {
        let noted = file.get_mut(place)?;
        noted.fill(0);
        if let Some(begin) = noted.get_mut(..NO_NOTES.len()) {
            begin.copy_from_slice(NO_NOTES);
        }
    }
    Some(file)
}

/// One box: its type, and where its content stands in the file.
struct Boxed {
    name: [u8; 4],
    content: Range<usize>,
}

/// The boxes that stand in a part of the file.
fn boxes(file: &[u8], within: Range<usize>) -> Option<Vec<Boxed>> {
    let mut found = Vec::new();
    let mut at = within.start;
    while at < within.end {
        let mut rest = Pieces(file.get(at..within.end)?);
        let length = rest.number(4)?;
        let name = rest.array()?;
        let (head, length) = match length {
            0 => (8, within.end - at),
            1 => (16, usize::try_from(rest.number(8)?).ok()?),
            length => (8, usize::try_from(length).ok()?),
        };
        let end = at.checked_add(length).filter(|end| *end <= within.end && length >= head)?;
        if found.len() == MOST {
            return None;
        }
        found.push(Boxed { name, content: at + head..end });
        at = end;
    }
    Some(found)
}

fn called<'a>(boxes: &'a [Boxed], name: &[u8]) -> Option<&'a Boxed> {
    boxes.iter().find(|one| one.name == *name)
}

/// Where the file's notes stand; `None` where it is no picture that can be read.
fn notes(file: &[u8]) -> Option<Vec<Range<usize>>> {
    let all = boxes(file, 0..file.len())?;
    let meta = called(&all, b"meta")?.content.clone();
    // Four bytes of version and flags come first.
    let parts = boxes(file, meta.start.checked_add(4)?..meta.end)?;
    let items = items(file, called(&parts, b"iinf")?.content.clone())?;
    let are_notes: HashSet<u64> =
        items.into_iter().filter(|(_, kind)| NOTES.contains(&kind)).map(|(item, _)| item).collect();
    let inside = called(&parts, b"idat").map(|data| data.content.clone());
    let table = file.get(called(&parts, b"iloc")?.content.clone())?;
    let noted: Vec<Range<usize>> = places(table, inside.as_ref(), &are_notes)?
        .into_iter()
        .map(|place| place.filter(|place| place.end <= file.len()))
        .collect::<Option<_>>()?;
    // Notes that name the same bytes again and again would have them overwritten as often.
    let together = noted.iter().map(Range::len).fold(0, usize::saturating_add);
    (together <= file.len()).then_some(noted)
}

/// The items' numbers and kinds (`iinf`, 8.11.6).
fn items(file: &[u8], within: Range<usize>) -> Option<Vec<(u64, [u8; 4])>> {
    let mut rest = Pieces(file.get(within.clone())?);
    let version = rest.number(1)?;
    rest.take(3)?;
    let count_bytes = if version == 0 { 2 } else { 4 };
    rest.take(count_bytes)?;
    let entries = boxes(file, within.start + 4 + count_bytes..within.end)?;
    entries.iter().map(|entry| item(file.get(entry.content.clone())?)).collect()
}

fn item(entry: &[u8]) -> Option<(u64, [u8; 4])> {
    let mut rest = Pieces(entry);
    let version = rest.number(1)?;
    rest.take(3)?;
    let id = rest.number(if version >= 3 { 4 } else { 2 })?;
    rest.take(2)?;
    // Older entries name no kind: they are of MIME.
    Some((id, if version < 2 { *b"mime" } else { rest.array()? }))
}

/// Where the bytes of the items that `are_notes` stand (`iloc`, 8.11.3), of each extent one; none for what stands in another file
/// or item.
fn places(
    table: &[u8],
    inside: Option<&Range<usize>>,
    are_notes: &HashSet<u64>,
) -> Option<Vec<Option<Range<usize>>>> {
    let mut rest = Pieces(table);
    let version = rest.number(1)?;
    rest.take(3)?;
    let sizes = rest.number(2)?;
    let nibble = |shift: u32| usize::try_from((sizes >> shift) & 0xf).ok();
    let (offset_bytes, length_bytes, base_bytes) = (nibble(12)?, nibble(8)?, nibble(4)?);
    let index_bytes = if version == 0 { 0 } else { nibble(0)? };
    let id_bytes = if version < 2 { 2 } else { 4 };
    let items = rest.number(id_bytes)?;
    let (mut found, mut left) = (Vec::new(), MOST);
    for _item in 0..items {
        let id = rest.number(id_bytes)?;
        let method = if version == 0 { 0 } else { rest.number(2)? & 0xf };
        let elsewhere = rest.number(2)? != 0;
        let base = rest.number(base_bytes)?;
        let extents = rest.number(2)?;
        left = left.checked_sub(usize::try_from(extents).ok()?)?;
        for _extent in 0..extents {
            rest.take(index_bytes)?;
            let offset = base.checked_add(rest.number(offset_bytes)?)?;
            let length = rest.number(length_bytes)?;
            let begins = match (method, inside) {
                _ if elsewhere => None,
                (0, _) => Some(0),
                (1, Some(inside)) => Some(inside.start),
                _ => None,
            };
            let place = begins.and_then(|begins| {
                let start = usize::try_from(offset).ok()?.checked_add(begins)?;
                Some(start..start.checked_add(usize::try_from(length).ok()?)?)
            });
            if are_notes.contains(&id) {
                found.push(place);
            }
        }
    }
    Some(found)
}
