//! Written terms on a page: the frozen text byte for byte, with its article titles as headings and its numbers kept on
//! one line. Nothing is added and nothing left out: what is read aloud is what was accepted.

use serde::Serialize;

/// An article with what stands under it; the first has no title.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Article {
    title: String,
    pieces: Vec<Piece>,
}

/// A stretch of text.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Piece {
    text: String,
    /// A number with its unit, or a phone number: it never breaks.
    whole: bool,
}

/// The articles of a text. A title is the next number in order at the beginning of a line after an empty one, so that
/// numbered rules of a job inside an article stay text.
pub(crate) fn articles(body: &str) -> Vec<Article> {
    let mut articles = Vec::new();
    let (mut title, mut text, mut after_empty) = (String::new(), String::new(), false);
    for line in body.split_inclusive('\n') {
        if after_empty && line.starts_with(&format!("{}. ", articles.len() + 1)) {
            articles.push(Article { title: std::mem::take(&mut title), pieces: pieces(&text) });
            line.trim_end().clone_into(&mut title);
            text.clear();
        } else {
            text.push_str(line);
        }
        after_empty = line.trim().is_empty();
    }
    articles.push(Article { title, pieces: pieces(&text) });
    articles
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = text.trim_end();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let end = end_of_number(number);
        let (number, after) = number.split_at(end);
        pieces.push(Piece { text: before.to_owned(), whole: false });
        pieces.push(Piece { text: number.to_owned(), whole: true });
        rest = after;
    }
    pieces.push(Piece { text: rest.to_owned(), whole: false });
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// Where a number ends that `text` begins with: its digits with what joins them, and a unit of one sign.
fn end_of_number(text: &str) -> usize {
    let joins = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '-' | ':');
    let digits = text.find(|c: char| !joins(c)).unwrap_or(text.len());
    let digits = text[..digits].trim_end_matches(|c: char| !c.is_ascii_digit()).len();
    let unit = text[digits..].chars().next().filter(|c| "年月日分円件時回％%".contains(*c));
    digits + unit.map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_articles_are_titles_and_nothing_is_lost() {
        let body = "明示書\n\n1. 当事者\n電話 0267-00-0000\n\n2. 業務\n1. 番号を付ける\n\n9. 60分で終える\n";
        let articles = articles(body);
        let titles: Vec<&str> = articles.iter().map(|one| one.title.as_str()).collect();
        assert_eq!(titles, ["", "1. 当事者", "2. 業務"]);
        let whole = |at: usize| -> Vec<&str> {
            articles[at].pieces.iter().filter(|piece| piece.whole).map(|piece| piece.text.as_str()).collect()
        };
        assert_eq!((whole(1), whole(2)), (vec!["0267-00-0000"], vec!["1", "9", "60分"]));
        let read = |one: &Article| {
            format!("{}{}", one.title, one.pieces.iter().map(|piece| piece.text.as_str()).collect::<String>())
        };
        let all: String = articles.iter().map(read).collect();
        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        assert_eq!(bare(&all), bare(body));
    }
}
