//! What changed between two versions of a unit's work: the text by character within changed lines, which is how Japanese is
//! read, and the files by what is in them.

use std::collections::BTreeMap;

use ::files::StoredFile;
use fulfillment::submissions::Submission;
use kernel::FileId;
use serde::Serialize;
use similar::{ChangeTag, DiffOp, TextDiff};

/// Unchanged lines that are shown around a change.
const CONTEXT_LINES: usize = 2;
/// Characters of a changed passage, old times new, beyond which it is shown as taken out and put in whole: nobody reads a
/// rewritten page letter by letter.
const MOST_COMPARED: usize = 1_000_000;
/// Unchanged characters between two changes that are too few to read.
const TOO_FEW: usize = 2;

/// How one version differs from the one before.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Changes {
    /// The text piece by piece; empty where it is the same.
    pieces: Vec<Piece>,
    files: Vec<FileChange>,
}

/// A passage of the text.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Piece {
    kind: PieceKind,
    /// Empty for lines that are left out.
    text: String,
    /// How many unchanged lines are left out here.
    lines: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum PieceKind {
    Same,
    Taken,
    Put,
    LeftOut,
}

/// A file of either version.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct FileChange {
    kind: FileKind,
    name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum FileKind {
    /// The same bytes, whatever it is called.
    Same,
    /// The name was there, the bytes are others.
    Replaced,
    New,
    Gone,
}

impl Changes {
    /// Between two versions, the older one first.
    pub(crate) fn between(old: &Submission, new: &Submission, files: &BTreeMap<FileId, StoredFile>) -> Self {
        let stored = |version: &Submission| -> Vec<(String, String)> {
            let known = version.file_ids.iter().filter_map(|id| files.get(id));
            known.map(|file| (file.name.clone(), file.sha256.clone())).collect()
        };
        Self {
            pieces: pieces(&old.result_text, &new.result_text),
            files: file_changes(&stored(old), &stored(new)),
        }
    }

    /// Between two texts, the older one first.
    pub(crate) fn of_texts(old: &str, new: &str) -> Self {
        Self { pieces: pieces(old, new), files: Vec::new() }
    }
}

fn pieces(old: &str, new: &str) -> Vec<Piece> {
    if old == new {
        return Vec::new();
    }
    let lines = TextDiff::from_lines(old, new);
    let (before, after) = (lines.old_slices(), lines.new_slices());
    let mut pieces = Vec::new();
    let last = lines.ops().len().saturating_sub(1);
    for (index, op) in lines.ops().iter().enumerate() {
        match *op {
            DiffOp::Equal { old_index, len, .. } => {
                let same = before.get(old_index..old_index + len).unwrap_or_default();
                unchanged(same, index == 0, index == last, &mut pieces);
            }
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                let taken = before.get(op.old_range()).unwrap_or_default().concat();
                let put = after.get(op.new_range()).unwrap_or_default().concat();
                passage(&taken, &put, &mut pieces);
            }
        }
    }
    pieces
}

/// The lines next to a change, and how many lie between.
fn unchanged(lines: &[&str], is_first: bool, is_last: bool, pieces: &mut Vec<Piece>) {
    let head = if is_first { 0 } else { CONTEXT_LINES };
    let tail = if is_last { 0 } else { CONTEXT_LINES };
    if lines.len() <= head + tail + 1 {
        return push(pieces, PieceKind::Same, &lines.concat());
    }
    let (begin, rest) = lines.split_at(head);
    let (middle, end) = rest.split_at(rest.len() - tail);
    push(pieces, PieceKind::Same, &begin.concat());
    pieces.push(Piece { kind: PieceKind::LeftOut, text: String::new(), lines: middle.len() });
    push(pieces, PieceKind::Same, &end.concat());
}

/// A changed passage, letter by letter where that can be read.
fn passage(taken: &str, put: &str, pieces: &mut Vec<Piece>) {
    let size = taken.chars().count().saturating_mul(put.chars().count());
    if size == 0 || size > MOST_COMPARED {
        push(pieces, PieceKind::Taken, taken);
        push(pieces, PieceKind::Put, put);
        return;
    }
    let letters = TextDiff::from_chars(taken, put);
    let mut runs: Vec<(ChangeTag, String)> = Vec::new();
    for change in letters.iter_all_changes() {
        match runs.last_mut() {
            Some((tag, text)) if *tag == change.tag() => text.push_str(change.value()),
            _ => runs.push((change.tag(), change.value().to_owned())),
        }
    }
    let (mut out, mut gone) = (String::new(), String::new());
    let count = runs.len();
    for (index, (tag, text)) in runs.into_iter().enumerate() {
        let is_between = index > 0 && index + 1 < count;
        match tag {
            ChangeTag::Delete => gone.push_str(&text),
            ChangeTag::Insert => out.push_str(&text),
            ChangeTag::Equal if is_between && text.chars().count() < TOO_FEW => {
                gone.push_str(&text);
                out.push_str(&text);
            }
            ChangeTag::Equal => {
                settle(pieces, &mut gone, &mut out);
                push(pieces, PieceKind::Same, &text);
            }
        }
    }
    settle(pieces, &mut gone, &mut out);
}

/// What was taken out comes before what was put in its place.
fn settle(pieces: &mut Vec<Piece>, gone: &mut String, out: &mut String) {
    push(pieces, PieceKind::Taken, gone);
    push(pieces, PieceKind::Put, out);
    gone.clear();
    out.clear();
}

fn push(pieces: &mut Vec<Piece>, kind: PieceKind, text: &str) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(last) if last.kind == kind => last.text.push_str(text),
        _ => pieces.push(Piece { kind, text: text.to_owned(), lines: 0 }),
    }
}

/// Name and hash of each file; the newer version's in its order, then what is gone.
fn file_changes(old: &[(String, String)], new: &[(String, String)]) -> Vec<FileChange> {
    let kind = |(name, hash): &(String, String)| {
        if old.iter().any(|(_, other)| other == hash) {
            FileKind::Same
        } else if old.iter().any(|(other, _)| other == name) {
            FileKind::Replaced
        } else {
            FileKind::New
        }
    };
    let is_gone = |(name, hash): &&(String, String)| {
        !new.iter().any(|(other_name, other)| other == hash || other_name == name)
    };
    let changed = new.iter().map(|file| FileChange { kind: kind(file), name: file.0.clone() });
    let gone =
        old.iter().filter(is_gone).map(|(name, _)| FileChange { kind: FileKind::Gone, name: name.clone() });
    changed.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let word = |piece: &Piece| match piece.kind {
            PieceKind::Same => piece.text.clone(),
            PieceKind::Taken => format!("[-{}-]", piece.text),
            PieceKind::Put => format!("[+{}+]", piece.text),
            PieceKind::LeftOut => format!("…{}…", piece.lines),
        };
        pieces(old, new).iter().map(word).collect()
    }

    #[test]
    fn japanese_is_compared_letter_by_letter_within_its_line() {
        assert_eq!(shown("名古屋の商品です", "名古屋の名品です"), "名古屋の[-商-][+名+]品です");
        assert_eq!(shown("あいうえお", "あいうえお"), "");
        assert_eq!(shown("", "はじめて書いた文"), "[+はじめて書いた文+]");
        assert_eq!(shown("一行目\n二行目\n", "一行目\n"), "一行目\n[-二行目\n-]");
    }

    #[test]
    fn a_single_letter_between_two_changes_is_no_island() {
        assert_eq!(shown("赤い花と青い鳥", "白い花と黒い鳥"), "[-赤-][+白+]い花と[-青-][+黒+]い鳥");
        assert_eq!(shown("春夏秋", "雪夏月"), "[-春夏秋-][+雪夏月+]");
    }

    #[test]
    fn lines_far_from_a_change_are_counted_and_not_shown() {
        let old = "1行目\n2行目\n3行目\n4行目\n5行目\n6行目\n7行目\n8行目\n9行目\n";
        let new = old.replace("9行目", "九行目");
        assert_eq!(shown(old, &new), "…6…7行目\n8行目\n[-9-][+九+]行目\n");
    }

    #[test]
    fn a_page_written_anew_is_not_compared_letter_by_letter() {
        let (old, new) = ("甲".repeat(2000), "乙".repeat(2000));
        assert_eq!(shown(&old, &new), format!("[-{old}-][+{new}+]"));
    }

    #[test]
    fn files_are_told_apart_by_what_is_in_them() {
        let file = |name: &str, hash: &str| (name.to_owned(), hash.to_owned());
        let old = [file("表.csv", "a"), file("図.png", "b"), file("古い.txt", "c")];
        let new = [file("表.csv", "x"), file("図 (改名).png", "b"), file("追加.pdf", "d")];
        let kinds: Vec<_> = file_changes(&old, &new).into_iter().map(|one| (one.kind, one.name)).collect();
        assert_eq!(
            kinds,
            [
                (FileKind::Replaced, "表.csv".to_owned()),
                (FileKind::Same, "図 (改名).png".to_owned()),
                (FileKind::New, "追加.pdf".to_owned()),
                (FileKind::Gone, "古い.txt".to_owned()),
            ]
        );
    }

    proptest! {
        #[test]
        fn what_is_shown_is_the_old_text_and_the_new_one(old in "[あいう\n]{0,60}", new in "[あいう\n]{0,60}") {
            let pieces = pieces(&old, &new);
            let left_out = |text: &str, pieces: &[Piece], mine: PieceKind| {
                // Lines that are left out are found in the text itself.
                let mut rest = text;
                for piece in pieces.iter().filter(|piece| piece.kind != other(mine)) {
                    if piece.kind == PieceKind::LeftOut {
                        let end = rest.split_inclusive('\n').take(piece.lines).map(str::len).sum();
                        rest = &rest[end..];
                    } else {
                        rest = rest.strip_prefix(piece.text.as_str()).unwrap_or("and something else");
                    }
                }
                rest.to_owned()
            };
            if old == new {
                prop_assert!(pieces.is_empty());
            } else {
                prop_assert_eq!(left_out(&old, &pieces, PieceKind::Taken), "");
                prop_assert_eq!(left_out(&new, &pieces, PieceKind::Put), "");
            }
        }
    }

    fn other(kind: PieceKind) -> PieceKind {
        if kind == PieceKind::Taken { PieceKind::Put } else { PieceKind::Taken }
    }
}
