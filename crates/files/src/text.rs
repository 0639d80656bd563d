//! Whether bytes are text throughout, decided while they stream by: UTF-8, CP932 as Japanese Excel writes
//! it, EUC-JP as older systems do, or UTF-16 as Excel's "Unicode text".

use encoding_rs::{Decoder, DecoderResult, EUC_JP, Encoding, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

/// The byte-order marks of UTF-16: without one it cannot be told from a program.
const WIDE: [([u8; 2], &Encoding); 2] = [([0xff, 0xfe], UTF_16LE), ([0xfe, 0xff], UTF_16BE)];

/// Remembers which encodings the bytes so far would be valid in.
pub(crate) struct TextCheck {
    candidates: Vec<Decoder>,
    plain: bool,
    /// The first two bytes, until there are two: they may be a byte-order mark.
    head: Vec<u8>,
    is_wide: bool,
}

impl TextCheck {
    pub(crate) fn new() -> Self {
        let candidates = [UTF_8, SHIFT_JIS, EUC_JP].map(Encoding::new_decoder_without_bom_handling).into();
        Self { candidates, plain: true, head: Vec::new(), is_wide: false }
    }

    pub(crate) fn take(&mut self, bytes: &[u8]) {
        if self.head.len() == 2 {
            return self.feed(bytes, false);
        }
        let (first, rest) = bytes.split_at(bytes.len().min(2 - self.head.len()));
        self.head.extend_from_slice(first);
        if self.head.len() == 2 {
            self.begin();
            self.feed(rest, false);
        }
    }

    /// Whether the beginning of a file is text as far as it goes; its last character may be cut in two.
    pub(crate) fn is_text_so_far(head: &[u8]) -> bool {
        let mut check = Self::new();
        check.take(head);
        check.plain && !check.candidates.is_empty()
    }

    /// Whether all of it was text in one encoding.
    pub(crate) fn finish(mut self) -> bool {
        if self.head.len() < 2 {
            self.begin();
        }
        self.feed(&[], true);
        self.plain && !self.candidates.is_empty()
    }

    fn begin(&mut self) {
        match WIDE.iter().find(|(mark, _)| self.head == mark) {
            Some((_, encoding)) => {
                self.is_wide = true;
                self.candidates = vec![encoding.new_decoder_without_bom_handling()];
            }
            None => self.feed(&self.head.clone(), false),
        }
    }

    fn feed(&mut self, bytes: &[u8], last: bool) {
        // In the others bytes below 0x20 stand for themselves alone; UTF-16 is looked at once it is decoded.
        self.plain = self.plain && (self.is_wide || !bytes.iter().any(|byte| is_control(*byte)));
        let is_wide = self.is_wide;
        self.candidates.retain_mut(|decoder| read_on(decoder, bytes, last, is_wide));
    }
}

fn is_control(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7f
}

/// Whether `bytes` go on being text in the decoder's encoding.
pub(crate) fn accepts(decoder: &mut Decoder, bytes: &[u8], last: bool) -> bool {
    read_on(decoder, bytes, last, false)
}

fn read_on(decoder: &mut Decoder, mut bytes: &[u8], last: bool, no_controls: bool) -> bool {
    let mut scratch = [0; 4096];
    loop {
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(bytes, &mut scratch, last);
        let text = scratch.get(..written).unwrap_or_default();
        if no_controls && text.iter().any(|byte| is_control(*byte)) {
            return false;
        }
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
    fn japanese_encodings_are_text_however_they_are_cut() {
        let utf8 = "\u{feff}名前,読み\r\n髙橋,タカハシ\r\n".repeat(500);
        let (cp932, _, lossy) = SHIFT_JIS.encode("名前,読み\r\n髙橋①㈱,ﾀｶﾊｼ\r\n");
        assert!(!lossy);
        for chunk in [1, 2, 3, 7, 100_000] {
            assert!(is_text(utf8.as_bytes(), chunk));
            assert!(is_text(&cp932, chunk));
            assert!(is_text(&EUC_JP.encode("名前,読み\r\n高橋,タカハシ\r\n").0, chunk));
        }
    }

    #[test]
    fn utf16_is_text_where_its_mark_says_so() {
        let written = |text: &str| "\u{feff}".encode_utf16().chain(text.encode_utf16()).collect::<Vec<u16>>();
        let little: Vec<u8> = written("名前\t𠮷\r\n").into_iter().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = written("名前\t𠮷\r\n").into_iter().flat_map(u16::to_be_bytes).collect();
        let program: Vec<u8> = written("a\u{0}b").into_iter().flat_map(u16::to_le_bytes).collect();
        for chunk in [1, 2, 3, 100] {
            assert!(is_text(&little, chunk) && is_text(&big, chunk));
            assert!(!is_text(&program, chunk) && !is_text(&little[..little.len() - 1], chunk));
        }
        assert!(is_text(b"a", 1) && is_text("é".as_bytes(), 1));
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
