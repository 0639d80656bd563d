//! What an account at a bank is, and what may be entered for one. No database here.

use std::fmt;

use chrono::{DateTime, Utc};
use kernel::{Checks, Invalid, Typed, WorkerId, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::banks::Banks;
use super::fields;
use super::zengin::PAYEE_CHARACTERS;

text_enum!(
    /// What kind of account it is (預金種目).
    AccountKind {
        /// 普通
        Ordinary = "ordinary",
        /// 当座
        Current = "current",
        /// 貯蓄
        Savings = "savings",
    }
);

/// An account in clear: only for whoever pays. It is never logged and never leaves through an API.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankAccount {
    /// The bank's code, four digits.
    pub bank: String,
    /// The branch's code, three digits.
    pub branch: String,
    /// Its kind.
    pub kind: AccountKind,
    /// Its number, seven digits.
    pub number: String,
    /// Whose it is, as transfer files have it.
    pub holder: String,
}

impl fmt::Debug for BankAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BankAccount(…)")
    }
}

/// An account as its own worker sees it: enough to know it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MaskedAccount {
    /// The worker.
    pub worker_id: WorkerId,
    /// The bank's code.
    pub bank: String,
    /// Its name, where the list knows it.
    pub bank_name: Option<String>,
    /// The branch's code.
    pub branch: String,
    /// Its name, where the list knows it.
    pub branch_name: Option<String>,
    /// The account's kind.
    pub kind: AccountKind,
    /// The last three digits of its number.
    pub last_digits: String,
    /// Whose it is, as transfer files have it.
    pub holder: String,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
    /// Counts changes.
    pub version: i32,
}

/// An account as typed into the form or sent to the API.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "bank": "0143", "branch": "205", "kind": "ordinary", "number": "1234567", "holder": "ヤマダ ハナコ" }]))]
pub struct BankAccountInput {
    /// The bank's code, four digits; required.
    pub bank: Typed,
    /// The branch's code, three digits; required.
    pub branch: Typed,
    /// An [`AccountKind`]'s word; required.
    pub kind: Typed,
    /// The account's number, up to seven digits; required.
    pub number: Typed,
    /// Whose it is, in kana as the bank has it; required.
    pub holder: Typed,
}

impl fmt::Debug for BankAccountInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BankAccountInput(…)")
    }
}

impl BankAccountInput {
    /// Checks every field and reports all problems at once; codes against the list, where there is one.
    pub(super) fn checked(&self, banks: &Banks) -> Result<BankAccount, Invalid> {
        let mut checks = Checks::new();
        let (bank, branch) = fields::branch(&mut checks, banks, &self.bank, &self.branch);
        let kind = checks.choice("kind", &self.kind);
        let number = fields::number(&mut checks, &self.number);
        let holder = fields::kana(&mut checks, "holder", &self.holder, PAYEE_CHARACTERS);
        checks.done(BankAccount { bank, branch, kind: kind.unwrap_or(AccountKind::Ordinary), number, holder })
    }
}

#[cfg(test)]
mod tests {
    use kernel::Code;

    use super::*;

    fn input(bank: &str, branch: &str, number: &str, holder: &str) -> BankAccountInput {
        BankAccountInput {
            bank: bank.into(),
            branch: branch.into(),
            kind: "ordinary".into(),
            number: number.into(),
            holder: holder.into(),
        }
    }

    #[test]
    fn an_account_is_read_as_people_write_it() {
        let account = input("０１４３", "205", "12-345", "やまだ はなこ").checked(&Banks::default()).unwrap();
        assert_eq!(
            (
                account.bank.as_str(),
                account.branch.as_str(),
                account.number.as_str(),
                account.holder.as_str()
            ),
            ("0143", "205", "0012345", "ﾔﾏﾀﾞ ﾊﾅｺ")
        );
    }

    #[test]
    fn every_wrong_field_is_named_with_its_reason() {
        let wrong = |input: BankAccountInput| {
            let banks = Banks::read("0143\t八十二長野\n0143\t205\t佐久\n").unwrap();
            let problems = input.checked(&banks).unwrap_err().0;
            problems.into_iter().map(|one| (one.field, one.code)).collect::<Vec<_>>()
        };
        assert_eq!(
            wrong(input("143", "20x", "12345678", "山田")),
            [
                ("bank".to_owned(), Code::TooShort),
                ("branch".to_owned(), Code::NotANumber),
                ("number".to_owned(), Code::TooLong),
                ("holder".to_owned(), Code::NotBankKana),
            ]
        );
        assert_eq!(wrong(input("0144", "205", "1", "ヤマダ")), [("bank".to_owned(), Code::UnknownBank)]);
        assert_eq!(wrong(input("0143", "206", "1", "ヤマダ")), [("branch".to_owned(), Code::UnknownBank)]);
        assert_eq!(wrong(BankAccountInput::default()).len(), 5);
    }

    #[test]
    fn nothing_of_an_account_stands_where_somebody_prints_it() {
        let typed = input("0143", "205", "1234567", "ヤマダ");
        let account = typed.checked(&Banks::default()).unwrap();
        assert_eq!(format!("{typed:?} {account:?}"), "BankAccountInput(…) BankAccount(…)");
    }
}
