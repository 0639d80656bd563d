//! A Rust source read as far as the rules of the house need it: its string literals, and its code without them and
//! without comments. It knows what can hide a quote: escapes, raw strings, characters, lifetimes, nested comments.

/// What a source text consists of.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct RustText {
    /// The code; each literal is `""` or `' '`, comments are gone, lines are kept.
    pub(crate) code: String,
    /// The values of its string literals, byte and C strings too, in order.
    pub(crate) strings: Vec<String>,
}

impl RustText {
    /// Reads a source text that compiles.
    pub(crate) fn of(source: &str) -> Self {
        let mut text = Self::default();
        let mut rest = source;
        while let Some(next) = rest.chars().next() {
            rest = text.take(next, rest);
        }
        text
    }

    /// Takes one piece from the beginning of `rest`; returns what follows it.
    fn take<'a>(&mut self, next: char, rest: &'a str) -> &'a str {
        if rest.starts_with("//") {
            return &rest[rest.find('\n').unwrap_or(rest.len())..];
        }
        if rest.starts_with("/*") {
            return self.comment(rest);
        }
        if let Some((hashes, body)) = raw_string(rest).filter(|_| !self.is_inside_a_word()) {
            return self.raw(body, hashes);
        }
        match next {
            '"' => self.plain(&rest[1..]),
            '\'' => self.character(&rest[1..]),
            other => {
                self.code.push(other);
                &rest[other.len_utf8()..]
            }
        }
    }

    /// Whether an `r` here would end a longer word.
    fn is_inside_a_word(&self) -> bool {
        self.code.ends_with(|last: char| last.is_alphanumeric() || last == '_')
    }

    fn keep_lines(&mut self, passed: &str) {
        self.code.extend(passed.chars().filter(|character| *character == '\n'));
    }

    /// Comments nest.
    fn comment<'a>(&mut self, rest: &'a str) -> &'a str {
        let (mut depth, mut at) = (0, 0);
        while at < rest.len() {
            match rest.as_bytes().get(at..at + 2) {
                Some(b"/*") => (depth, at) = (depth + 1, at + 2),
                Some(b"*/") => (depth, at) = (depth - 1, at + 2),
                _ => at += 1,
            }
            if depth == 0 {
                break;
            }
        }
        self.keep_lines(&rest[..at]);
        &rest[at..]
    }

    fn raw<'a>(&mut self, body: &'a str, hashes: usize) -> &'a str {
        let end = format!("\"{}", "#".repeat(hashes));
        let length = body.find(&end).unwrap_or(body.len());
        self.strings.push(body[..length].to_owned());
        self.code.push_str("\"\"");
        self.keep_lines(&body[..length]);
        body.get(length + end.len()..).unwrap_or_default()
    }

    fn plain<'a>(&mut self, body: &'a str) -> &'a str {
        let mut value = String::new();
        let mut characters = body.char_indices();
        let mut end = body.len();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    end = at;
                    break;
                }
                '\\' => match characters.next().map(|(_, escaped)| escaped) {
                    Some('n') => value.push('\n'),
                    Some('t') => value.push('\t'),
                    // A backslash at the end of a line joins it with the next.
                    Some('\n') => {
                        let gap = characters.as_str();
                        let blank = gap.len() - gap.trim_start().len();
                        characters.by_ref().take(gap[..blank].chars().count()).for_each(drop);
                    }
                    Some(escaped) => value.push(escaped),
                    None => {}
                },
                other => value.push(other),
            }
        }
        self.strings.push(value);
        self.code.push_str("\"\"");
        self.keep_lines(&body[..end]);
        body.get(end + 1..).unwrap_or_default()
    }

    /// After a `'`: a character ends with another, a lifetime does not.
    fn character<'a>(&mut self, body: &'a str) -> &'a str {
        let mut characters = body.char_indices();
        let end = match characters.next() {
            Some((_, '\\')) => {
                characters.next();
                characters.find(|(_, character)| *character == '\'').map(|(at, _)| at)
            }
            Some(_) => characters.next().filter(|(_, character)| *character == '\'').map(|(at, _)| at),
            None => None,
        };
        if let Some(end) = end {
            self.code.push_str("' '");
            &body[end + 1..]
        } else {
            self.code.push('\'');
            body
        }
    }
}

/// `r"`, `br#"`, `cr##"` and the like: how many hashes, and what follows the quote.
fn raw_string(rest: &str) -> Option<(usize, &str)> {
    let marked = rest.strip_prefix(['b', 'c']).unwrap_or(rest).strip_prefix('r')?;
    let body = marked.trim_start_matches('#');
    Some((marked.len() - body.len(), body.strip_prefix('"')?))
}

#[cfg(test)]
mod tests {
    use super::RustText;

    fn strings(source: &str) -> Vec<String> {
        RustText::of(source).strings
    }

    #[test]
    fn an_escaped_quote_does_not_end_a_string() {
        assert_eq!(strings(r#"a("say \"FROM\" twice", "then");"#), [r#"say "FROM" twice"#, "then"]);
        assert_eq!(strings(r#"("\\", "after a backslash")"#), ["\\", "after a backslash"]);
    }

    #[test]
    fn a_raw_string_ends_with_as_many_hashes_as_it_began() {
        assert_eq!(strings("(r\"C:\\\", \"x\")"), ["C:\\", "x"]);
        assert_eq!(
            strings("(r#\"a \"quote\" b\"#, br##\"one \"# more\"##, cr\"c\")"),
            ["a \"quote\" b", "one \"# more", "c"]
        );
        assert_eq!(strings("let r#match = b\"bytes\"; for\"x\""), ["bytes", "x"]);
        assert_eq!(RustText::of("let r#match = for_r#try;").code, "let r#match = for_r#try;");
    }

    #[test]
    fn comments_hide_quotes_and_strings_hide_comments() {
        assert_eq!(strings("// it's \"off\"\n\"on\" /* a \"b /* c */ \" */ \"last\""), ["on", "last"]);
        assert_eq!(strings("\"http://x\", \"/* kept */\""), ["http://x", "/* kept */"]);
    }

    #[test]
    fn characters_are_told_from_lifetimes() {
        assert_eq!(strings("fn f<'a>(x: &'a str) { ['\"', '\\'', '\\u{22}', b'\"']; \"s\" }"), ["s"]);
        assert_eq!(RustText::of("&'static str, 'x'").code, "&'static str, ' '");
    }

    #[test]
    fn a_joined_line_is_one_string_and_lines_are_kept() {
        let text = RustText::of("a(\"SELECT 1 \\\n    FROM x\",\n\"日本\\n\");");
        assert_eq!(text.strings, ["SELECT 1 FROM x", "日本\n"]);
        assert_eq!(text.code, "a(\"\"\n,\n\"\");");
    }
}
