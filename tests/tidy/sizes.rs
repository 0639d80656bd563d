//! How long files and functions may be: nine functions in ten under 40 lines, none over 80; files under 500
//! without tests.

use std::path::Path;

use super::sources::{crates, rust_of};

const LONGEST_FILE: usize = 500;
const LONGEST_FUNCTION: usize = 80;
const USUAL_FUNCTION: usize = 40;

fn is_production(path: &Path) -> bool {
    let text = path.to_string_lossy();
    !text.ends_with("/tests.rs") && !text.contains("/tests/") && !text.ends_with("/schema.rs")
}

/// The text before the file's own test module.
fn production(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text)
}

/// First line and length of every function, by the indentation that rustfmt guarantees: a function ends at the
/// first line that is a closing brace under its own `fn`.
fn functions(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let words: Vec<&str> = code.split_whitespace().take_while(|word| *word != "fn").collect();
        let qualifiers = ["pub", "pub(crate)", "pub(super)", "const", "async", "extern", "\"C\""];
        let is_function =
            code.contains("fn ") && words.len() < 4 && words.iter().all(|word| qualifiers.contains(word));
        if !is_function {
            continue;
        }
        let indent = &line[..line.len() - code.len()];
        let end = lines[index..].iter().position(|later| *later == format!("{indent}}}"));
        if let Some(length) = end {
            found.push((index + 1, length + 1));
        }
    }
    found
}

#[test]
fn files_and_functions_stay_readable() {
    let mut lengths = Vec::new();
    let mut problems = Vec::new();
    for krate in crates() {
        for (path, text) in rust_of(&krate).into_iter().filter(|(path, _)| is_production(path)) {
            let text = production(&text);
            let lines = text.lines().count();
            if lines > LONGEST_FILE {
                problems.push(format!("{}: {lines} lines", path.display()));
            }
            for (line, length) in functions(text) {
                if length > LONGEST_FUNCTION {
                    problems.push(format!("{}:{line}: a function of {length} lines", path.display()));
                }
                lengths.push(length);
            }
        }
    }
    assert!(problems.is_empty(), "too long:\n{}", problems.join("\n"));
    lengths.sort_unstable();
    let ninth_decile = lengths[lengths.len() * 9 / 10];
    assert!(
        ninth_decile < USUAL_FUNCTION,
        "nine functions in ten have {ninth_decile} lines or fewer; aim: under {USUAL_FUNCTION}"
    );
}

#[test]
fn every_file_says_what_lives_in_it() {
    for krate in crates() {
        for (path, text) in rust_of(&krate) {
            let generated = path.ends_with("schema.rs");
            assert!(generated || text.starts_with("//! "), "{} does not open with //!", path.display());
        }
    }
}
