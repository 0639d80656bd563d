//! Pictures without what a camera notes in them: where and when one was taken, with whose device, what it looked like before.
//! A worker's photo is taken at home, and what they hand in goes to a client.
//!
//! Stays: what is needed to show the picture as it is: its bytes as they are, colour profiles, gamma, transparency, animation,
//! and which way up it is. Goes: everything else, and whatever stands behind the picture's end (phones keep whole films and
//! thumbnails with a place of their own there). What cannot be read from end to end is refused as broken, because nobody could
//! say what is in it.
//!
//! Invariant: nothing of EXIF but the orientation, nothing of XMP, IPTC or comments, is kept
//! (`a_picture_keeps_what_it_looks_like_and_loses_where_it_was_taken`).

mod heif;
mod jpeg;
mod orientation;
mod png;
#[cfg(test)]
pub(crate) mod tests;
mod webp;

use crate::MediaType;
use crate::error::Refusal;

/// The picture without what its camera noted; [`Refusal::Content`] where it ends early or is no picture of its kind.
/// Any other kind of file comes back as it is.
pub(crate) fn without_traces(kind: MediaType, file: Vec<u8>) -> Result<Vec<u8>, Refusal> {
    match kind {
        MediaType::Jpeg => jpeg::cleaned(&file).ok_or(Refusal::Content),
        MediaType::Png => png::cleaned(&file).ok_or(Refusal::Content),
        MediaType::Webp => webp::cleaned(&file).ok_or(Refusal::Content),
        MediaType::Heic | MediaType::Heif => heif::cleaned(file).ok_or(Refusal::Content),
        _ => Ok(file),
    }
}

/// Bytes that are taken off from the front, piece by piece; `None` where fewer are left.
struct Pieces<'a>(&'a [u8]);

impl<'a> Pieces<'a> {
    fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (piece, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        Some(piece)
    }

    fn array<const BYTES: usize>(&mut self) -> Option<[u8; BYTES]> {
        self.take(BYTES)?.try_into().ok()
    }

    /// A whole number of so many bytes, at most eight, the highest first.
    fn number(&mut self, bytes: usize) -> Option<u64> {
        let piece = self.take(bytes).filter(|piece| piece.len() <= 8)?;
        Some(piece.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    }
}
