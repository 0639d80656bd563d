//! Whether bytes are text throughout, decided while they stream by: UTF-8, CP932 as Japanese Excel writes
//! it, EUC-JP as older systems do, or UTF-16 as Excel's "Unicode text". What was put together out of two of them is none, though
//! every byte of UTF-8 happens to stand for something in CP932 too (`two_encodings_in_one_file_are_noticed_and_the_line_named`).

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
    /// Which lines are UTF-8 and which are not, for files put together out of two.
    lines_read: Lines,
    /// How many lines have ended so far; of UTF-16 none are counted.
    lines: u64,
    /// The line, from 1, on which it last stopped being text in one more encoding: where the encoding that fits longest
    /// breaks, the stray letter stands.
    broken_on: u64,
}

impl TextCheck {
    pub(crate) fn new() -> Self {
        let candidates = [UTF_8, SHIFT_JIS, EUC_JP].map(Encoding::new_decoder_without_bom_handling).into();
        let lines_read = Lines::default();
        Self { candidates, plain: true, head: Vec::new(), is_wide: false, lines_read, lines: 0, broken_on: 1 }
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

    /// Whether all of it was text in one encoding; if not, the line on which it is none, which nobody counts in UTF-16.
    pub(crate) fn finish(mut self) -> Result<(), Option<u64>> {
        if self.head.len() < 2 {
            self.begin();
        }
        self.feed(&[], true);
        self.lines_read.end();
        let is_text = self.plain && !self.candidates.is_empty();
        if !is_text {
            return Err((!self.is_wide).then_some(self.broken_on));
        }
        let is_whole = self.is_wide || self.candidates.iter().any(|one| one.encoding() == UTF_8);
        match self.lines_read.changes_on() {
            Some(line) if !is_whole => Err(Some(line)),
            _ => Ok(()),
        }
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
        if !self.plain || self.candidates.is_empty() {
            return;
        }
        // In the others bytes below 0x20 stand for themselves alone; UTF-16 is looked at once it is decoded.
        let control = bytes.iter().position(|byte| !self.is_wide && is_control(*byte));
        let (is_wide, lines) = (self.is_wide, self.lines);
        let line_of = |place: usize| lines + 1 + ends(bytes.get(..place).unwrap_or_default());
        let mut broken_on = self.broken_on;
        self.candidates.retain_mut(|decoder| match read_on(decoder, bytes, last, is_wide) {
            Ok(()) => true,
            Err(place) => {
                broken_on = broken_on.max(line_of(place));
                false
            }
        });
        if !is_wide {
            self.lines_read.take(bytes);
        }
        self.plain = control.is_none();
        self.broken_on = control.map_or(broken_on, line_of);
        self.lines += ends(bytes);
    }
}

/// How much of a line is looked at.
const LINE_BYTES: usize = 4096;
/// How many Japanese characters make a line UTF-8 for sure: one may be two of CP932 by chance.
const SURE: usize = 2;

/// The first line that is Japanese in UTF-8 for sure, and the first that is not UTF-8 at all.
#[derive(Default)]
struct Lines {
    line: Vec<u8>,
    ended: u64,
    first_utf8: Option<u64>,
    first_other: Option<u64>,
}

impl Lines {
    fn take(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let room = LINE_BYTES.saturating_sub(self.line.len()).min(piece.len());
            self.line.extend_from_slice(piece.get(..room).unwrap_or_default());
            if piece.ends_with(b"\n") {
                self.end();
            }
        }
    }

    fn end(&mut self) {
        self.ended += 1;
        match std::str::from_utf8(&self.line) {
            Ok(text) if text.chars().filter(|one| is_japanese(*one)).count() >= SURE => {
                self.first_utf8.get_or_insert(self.ended);
            }
            // A long line may be cut within a character.
            Err(wrong) if wrong.error_len().is_some() || self.line.len() < LINE_BYTES => {
                self.first_other.get_or_insert(self.ended);
            }
            _ => {}
        }
        self.line.clear();
    }

    /// The line, from 1, on which another encoding begins.
    fn changes_on(&self) -> Option<u64> {
        Some(self.first_utf8?.max(self.first_other?))
    }
}

/// Kana, kanji, full-width letters.
fn is_japanese(character: char) -> bool {
    matches!(character, '\u{3000}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

/// How many lines end in `bytes`.
fn ends(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

fn is_control(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7f
}

/// Whether `bytes` go on being text in the decoder's encoding.
pub(crate) fn accepts(decoder: &mut Decoder, bytes: &[u8], last: bool) -> bool {
    read_on(decoder, bytes, last, false).is_ok()
}

/// Reads on; where that is no text, how many of the bytes were read until then.
fn read_on(decoder: &mut Decoder, bytes: &[u8], last: bool, no_controls: bool) -> Result<(), usize> {
    let mut scratch = [0; 4096];
    let mut place = 0;
    loop {
        let rest = bytes.get(place..).unwrap_or_default();
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, &mut scratch, last);
        place += read;
        let text = scratch.get(..written).unwrap_or_default();
        if no_controls && text.iter().any(|byte| is_control(*byte)) {
            return Err(place);
        }
        match result {
            DecoderResult::InputEmpty => return Ok(()),
            // What was read ends with the letter that is none, and maybe with bytes after it.
            DecoderResult::Malformed(wrong, after) => {
                return Err(place - usize::from(wrong + after).min(place));
            }
            DecoderResult::OutputFull => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(bytes: &[u8], chunk: usize) -> Result<(), Option<u64>> {
        let mut check = TextCheck::new();
        bytes.chunks(chunk).for_each(|part| check.take(part));
        check.finish()
    }

    fn is_text(bytes: &[u8], chunk: usize) -> bool {
        checked(bytes, chunk).is_ok()
    }

    #[test]
    fn the_line_of_a_stray_byte_is_named_however_the_file_is_cut_and_in_whatever_encoding_the_rest_is() {
        let text = "名前,読み\r\n髙橋,タカハシ\r\n山田,ヤマダ\r\n高橋,タカハシ\r\n";
        for encoding in [UTF_8, SHIFT_JIS, EUC_JP] {
            let text = if encoding == EUC_JP { text.replace('髙', "高") } else { text.to_owned() };
            let lines: Vec<Vec<u8>> =
                text.split_inclusive('\n').map(|line| encoding.encode(line).0.into_owned()).collect();
            for line in 0..lines.len() {
                for stray in [&b"\0"[..], b"\xff"] {
                    let mut broken = lines.clone();
                    broken[line].splice(0..0, stray.iter().copied());
                    for chunk in [1, 2, 3, 100_000] {
                        let found = checked(&broken.concat(), chunk);
                        assert_eq!(
                            found,
                            Err(Some(line as u64 + 1)),
                            "{} {stray:?} {chunk}",
                            encoding.name()
                        );
                    }
                }
            }
        }
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
    fn two_encodings_in_one_file_are_noticed_and_the_line_named() {
        let lines = |first: &'static Encoding, then: &'static Encoding| {
            let begin = first.encode("会社名,よみ\r\nabc,123\r\n山田商店,やまだ\r\n").0.into_owned();
            [begin, then.encode("高橋工業,たかはし\r\n,\r\n林業,りん\r\n").0.into_owned()].concat()
        };
        for chunk in [1, 3, 100_000] {
            for other in [SHIFT_JIS, EUC_JP] {
                assert_eq!(checked(&lines(UTF_8, other), chunk), Err(Some(4)), "{}", other.name());
                assert_eq!(checked(&lines(other, UTF_8), chunk), Err(Some(4)), "{}", other.name());
                assert_eq!(checked(&lines(other, other), chunk), Ok(()));
            }
        }
        let half_width = SHIFT_JIS.encode("ﾃｱ,ﾃｲ\r\n絢ｱ縺ｱ\r\n").0.into_owned();
        assert_eq!(checked(&half_width, 7), Ok(()), "what might be two characters of UTF-8 by chance");
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
