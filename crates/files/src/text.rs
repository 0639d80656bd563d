//! Whether bytes are text throughout, decided while they stream by: UTF-8, or CP932 as Japanese Excel writes it.

use encoding_rs::{Decoder, DecoderResult, SHIFT_JIS, UTF_8};

/// Remembers which encodings the bytes so far would be valid in.
pub(crate) struct TextCheck {
    candidates: Vec<Decoder>,
    plain: bool,
}

impl TextCheck {
    pub(crate) fn new() -> Self {
        let candidates =
            [UTF_8, SHIFT_JIS].map(encoding_rs::Encoding::new_decoder_without_bom_handling).into();
        Self { candidates, plain: true }
    }

    pub(crate) fn take(&mut self, bytes: &[u8]) {
        self.feed(bytes, false);
    }

    /// Whether all of it was text in one encoding.
    pub(crate) fn finish(mut self) -> bool {
        self.feed(&[], true);
        self.plain && !self.candidates.is_empty()
    }

    fn feed(&mut self, bytes: &[u8], last: bool) {
        // In both encodings bytes below 0x20 stand for themselves alone. UTF-16 shows by its zeros.
        let is_control =
            |byte: &u8| (*byte < 0x20 && !matches!(*byte, b'\t' | b'\n' | b'\r')) || *byte == 0x7f;
        self.plain = self.plain && !bytes.iter().any(is_control);
        self.candidates.retain_mut(|decoder| accepts(decoder, bytes, last));
    }
}

fn accepts(decoder: &mut Decoder, mut bytes: &[u8], last: bool) -> bool {
    let mut scratch = [0; 4096];
    loop {
        let (result, read, _written) = decoder.decode_to_utf8_without_replacement(bytes, &mut scratch, last);
        match result {
            DecoderResult::InputEmpty => return true,
            DecoderResult::Malformed(..) => return false,
            DecoderResult::OutputFull => bytes = bytes.get(read..).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_text(bytes: &[u8], chunk: usize) -> bool {
        let mut check = TextCheck::new();
        bytes.chunks(chunk).for_each(|part| check.take(part));
        check.finish()
    }

    #[test]
    fn both_japanese_encodings_are_text_however_they_are_cut() {
        let utf8 = "\u{feff}名前,読み\r\n髙橋,タカハシ\r\n".repeat(500);
        let (cp932, _, lossy) = SHIFT_JIS.encode("名前,読み\r\n髙橋①㈱,ﾀｶﾊｼ\r\n");
        assert!(!lossy);
        for chunk in [1, 2, 3, 7, 100_000] {
            assert!(is_text(utf8.as_bytes(), chunk));
            assert!(is_text(&cp932, chunk));
        }
    }

    #[test]
    fn mixed_encodings_utf16_and_programs_are_not() {
        let (cp932, _, _) = SHIFT_JIS.encode("髙橋");
        let mixed = [cp932.as_ref(), "😀".as_bytes()].concat();
        let utf16: Vec<u8> = "a,b\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cut_short = &"名前😀".as_bytes()[..9];
        for bytes in [&mixed, &utf16, &b"MZ\x90\0\x03"[..], b"\x1b[2J", cut_short] {
            assert!(!is_text(bytes, 3), "{bytes:?}");
        }
    }
}
