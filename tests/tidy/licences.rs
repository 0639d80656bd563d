//! SPDX licence expressions, as far as they decide whether a crate may be in the graph.

/// Licences that ask for nothing but their text; the weak copyleft of MPL-2.0 stays within its own files.
const KNOWN: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "PostgreSQL",
    "Unicode-3.0",
    "Zlib",
];

/// Whether `expression` lets us in: every part of an AND is known, one part of an OR suffices. What cannot be read is
/// not allowed.
pub(crate) fn allowed(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reading = Reading { words: &words };
    reading.any() == Some(true) && reading.words.is_empty()
}

struct Reading<'a> {
    words: &'a [&'a str],
}

impl Reading<'_> {
    fn next_is(&mut self, word: &str) -> bool {
        match self.words.split_first() {
            Some((first, rest)) if *first == word => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }

    fn any(&mut self) -> Option<bool> {
        let mut known = self.all()?;
        while self.next_is("OR") {
            known |= self.all()?;
        }
        Some(known)
    }

    /// AND binds more closely than OR.
    fn all(&mut self) -> Option<bool> {
        let mut known = self.one()?;
        while self.next_is("AND") {
            known &= self.one()?;
        }
        Some(known)
    }

    fn one(&mut self) -> Option<bool> {
        if self.next_is("(") {
            let known = self.any()?;
            return self.next_is(")").then_some(known);
        }
        let (first, rest) = self.words.split_first()?;
        if matches!(*first, ")" | "AND" | "OR" | "WITH") {
            return None;
        }
        self.words = rest;
        // An exception permits more than its licence.
        if self.next_is("WITH") {
            self.words = self.words.split_first()?.1;
        }
        Some(KNOWN.contains(first))
    }
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn every_part_of_an_and_counts_and_one_of_an_or_suffices() {
        for expression in [
            "MIT",
            "MIT/Apache-2.0",
            "Apache-2.0 OR GPL-2.0-only",
            "GPL-3.0-only OR MIT AND ISC",
            "(MIT OR GPL-2.0-only) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0-only",
        ] {
            assert!(allowed(expression), "{expression}");
        }
        for expression in [
            "",
            "GPL-3.0-only",
            "GPL-3.0-only AND MIT",
            "MIT AND (GPL-2.0-only OR AGPL-3.0-only)",
            "MITX",
            "MIT OR",
            "(MIT",
            "MIT)",
            "MIT Apache-2.0",
        ] {
            assert!(!allowed(expression), "{expression}");
        }
    }
}
