//! Banks and branches by their codes (統一金融機関コード), where somebody has put the list into the data directory.
//!
//! A line is `BANK<tab>NAME` or `BANK<tab>BRANCH<tab>NAME`. Without a list nothing is known, and no code is refused; a bank
//! without any branch in the list has branches that nobody knows.

use std::collections::BTreeMap;

/// What is known of banks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Banks(BTreeMap<String, Bank>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Bank {
    name: String,
    branches: BTreeMap<String, String>,
}

/// What the list says of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known<'a> {
    /// It is this one's.
    As(&'a str),
    /// It is nobody's.
    Nobody,
    /// There is no list that could say so.
    Unlisted,
}

impl<'a> Known<'a> {
    /// The name, where there is one.
    pub fn name(self) -> Option<&'a str> {
        match self {
            Self::As(name) => Some(name),
            Self::Nobody | Self::Unlisted => None,
        }
    }
}

impl Banks {
    /// Reads a list; a line that is none is an error, by its number.
    pub fn read(text: &str) -> Result<Self, usize> {
        let mut banks = Self::default();
        for (index, line) in text.lines().enumerate() {
            let parts: Vec<&str> = line.split('\t').collect();
            match parts[..] {
                [bank, name] if is_code(bank, 4) => {
                    name.clone_into(&mut banks.0.entry(bank.to_owned()).or_default().name);
                }
                [bank, branch, name] if is_code(bank, 4) && is_code(branch, 3) => {
                    let bank = banks.0.entry(bank.to_owned()).or_default();
                    bank.branches.insert(branch.to_owned(), name.to_owned());
                }
                _ => return Err(index + 1),
            }
        }
        Ok(banks)
    }

    /// How many banks are known.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whose code this is.
    pub fn bank(&self, code: &str) -> Known<'_> {
        match self.0.get(code) {
            Some(bank) => Known::As(&bank.name),
            None if self.is_empty() => Known::Unlisted,
            None => Known::Nobody,
        }
    }

    /// Whose code this is at that bank.
    pub fn branch(&self, bank: &str, code: &str) -> Known<'_> {
        match self.0.get(bank) {
            Some(bank) if !bank.branches.is_empty() => {
                bank.branches.get(code).map_or(Known::Nobody, |name| Known::As(name))
            }
            _ => Known::Unlisted,
        }
    }

    /// Whether this bank, or this branch of it, is nobody's: banks merge, and their codes end.
    pub fn lack(&self, bank: &str, branch: &str) -> bool {
        self.bank(bank) == Known::Nobody || self.branch(bank, branch) == Known::Nobody
    }
}

fn is_code(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_knows_its_banks_and_their_branches() {
        let banks = Banks::read("0143\t八十二長野\n0143\t205\t佐久\n9900\tゆうちょ\n").unwrap();
        assert_eq!(banks.len(), 2);
        assert_eq!(banks.bank("0143"), Known::As("八十二長野"));
        assert_eq!(banks.bank("0144"), Known::Nobody);
        assert_eq!(banks.branch("0143", "205"), Known::As("佐久"));
        assert_eq!(banks.branch("0143", "999"), Known::Nobody);
        assert_eq!(banks.branch("9900", "108"), Known::Unlisted, "a bank whose branches nobody listed");
        assert_eq!(Banks::default().bank("0143"), Known::Unlisted);
        let lacking = ["0143 205", "0143 999", "0144 205", "9900 108"].map(|code| {
            let (bank, branch) = code.split_once(' ').unwrap();
            (banks.lack(bank, branch), Banks::default().lack(bank, branch))
        });
        assert_eq!(lacking, [(false, false), (true, false), (true, false), (false, false)]);
        assert_eq!(Banks::read("0143\t八十二長野\n143\tx\n"), Err(2));
    }
}
