//! Fields that name an account at a bank, read as people write them: a worker's own account, and the one a town pays from.

use std::ops::RangeInclusive;

use kernel::{Checks, Code, Typed, text};

use super::banks::{Banks, Known};
use super::zengin::{self, Refused};

/// The codes of a bank (`bank`) and its branch (`branch`), against the list where there is one.
pub fn branch(checks: &mut Checks, banks: &Banks, bank: &Typed, branch: &Typed) -> (String, String) {
    let bank = digits(checks, "bank", bank, 4..=4);
    let branch = digits(checks, "branch", branch, 3..=3);
    if !bank.is_empty() && banks.bank(&bank) == Known::Nobody {
        checks.problem("bank", Code::UnknownBank);
    } else if !branch.is_empty() && banks.branch(&bank, &branch) == Known::Nobody {
        checks.problem("branch", Code::UnknownBank);
    }
    (bank, branch)
}

/// The number of an account (`number`), with the zeros before it that make it seven digits.
pub fn number(checks: &mut Checks, typed: &Typed) -> String {
    let number = digits(checks, "number", typed, 1..=7);
    format!("{number:0>7}")
}

/// So many digits in any width, hyphens and spaces ignored.
pub fn digits(checks: &mut Checks, field: &str, typed: &Typed, lengths: RangeInclusive<usize>) -> String {
    let digits = text::digits_key(typed.as_str());
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let problem = match digits.len() {
        0 => Some(Code::Required),
        _ if !is_number => Some(Code::NotANumber),
        length if length < *lengths.start() => Some(Code::TooShort),
        length if length > *lengths.end() => Some(Code::TooLong),
        _ => None,
    };
    match problem {
        None => return digits,
        Some(Code::TooShort) => checks.bounded(field, Code::TooShort, bound(*lengths.start())),
        Some(Code::TooLong) => checks.bounded(field, Code::TooLong, bound(*lengths.end())),
        Some(code) => checks.problem(field, code),
    }
    String::new()
}

/// A name as banks take it, of `most` characters at most.
pub fn kana(checks: &mut Checks, field: &str, typed: &Typed, most: usize) -> String {
    match zengin::name(typed.as_str(), most) {
        Ok(name) => return name,
        Err(Refused::Empty) => checks.problem(field, Code::Required),
        Err(Refused::Character(_)) => checks.problem(field, Code::NotBankKana),
        Err(Refused::TooLong) => checks.bounded(field, Code::TooLong, bound(most)),
    }
    String::new()
}

fn bound(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
