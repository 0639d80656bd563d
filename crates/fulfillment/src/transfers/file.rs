//! A file of transfers as banks take it (全銀協 総合振込, kind 21): a header, one record for each payment, a trailer and an end, each
//! 120 bytes of JIS X 0201 on a line of its own. No database here.
//!
//! Layout: domain.md 3.12. Numbers stand right behind zeros, text left before spaces. Nothing is ever cut: what does not fit is
//! refused, so no kana loses its mark.

use chrono::NaiveDate;
use kernel::{WorkerId, Yen};
use workforce::bank_accounts::{AccountKind, BankAccount};

use super::model::Payer;

/// How many characters a payer's name may have, voicing marks counted.
pub(super) const PAYER_CHARACTERS: usize = 40;

const PAYEE_CHARACTERS: usize = 30;
/// As many as the six digits of the trailer count.
const MOST_PAYMENTS: usize = 999_999;
const RECORD_BYTES: usize = 120;
/// With the end of its line.
const LINE_BYTES: usize = RECORD_BYTES + 2;

/// Why payments cannot stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// More than 999,999 payments.
    #[error("more payments than a file counts")]
    TooMany,
    /// An amount, or the sum of all, has more digits than its field.
    #[error("an amount has more digits than its field")]
    TooLarge,
    /// Something that banks do not take, which was to be refused when it was entered. It names nothing of it.
    #[error("a text that banks do not take")]
    Unwritable,
}

/// A payment with the account it goes to.
pub(super) struct Payment<'a> {
    pub(super) account: &'a BankAccount,
    pub(super) worker: WorkerId,
    pub(super) amount: Yen,
}

/// The whole file.
pub(super) fn encode(
    payer: &Payer,
    transfer_on: NaiveDate,
    payments: &[Payment<'_>],
) -> Result<Vec<u8>, FileError> {
    if payments.len() > MOST_PAYMENTS {
        return Err(FileError::TooMany);
    }
    let mut file = Vec::with_capacity((payments.len() + 3) * LINE_BYTES);
    header(payer, transfer_on)?.onto(&mut file);
    for payment in payments {
        data(payment)?.onto(&mut file);
    }
    trailer(payments)?.onto(&mut file);
    Record::default().number("9", 1)?.blank(119).onto(&mut file);
    Ok(file)
}

fn header(payer: &Payer, transfer_on: NaiveDate) -> Result<Record, FileError> {
    let kind = match payer.kind {
        AccountKind::Ordinary => "1",
        AccountKind::Current => "2",
        // The header knows no 貯蓄: whatever is neither is その他.
        AccountKind::Savings => "9",
    };
    let record = Record::default()
        .number("1", 1)?
        // 総合振込, in JIS.
        .number("21", 2)?
        .number("0", 1)?
        .number(&payer.originator_code, 10)?
        .text(&payer.name, PAYER_CHARACTERS)?
        .number(&transfer_on.format("%m%d").to_string(), 4)?
        .number(&payer.bank, 4)?
        // The names of bank and branch are left to the bank, which knows its codes.
        .blank(15)
        .number(&payer.branch, 3)?
        .blank(15)
        .number(kind, 1)?
        .number(&payer.number, 7)?
        .blank(17);
    Ok(record)
}

fn data(payment: &Payment<'_>) -> Result<Record, FileError> {
    let account = payment.account;
    let kind = match account.kind {
        AccountKind::Ordinary => "1",
        AccountKind::Current => "2",
        AccountKind::Savings => "4",
    };
    let record = Record::default()
        .number("2", 1)?
        .number(&account.bank, 4)?
        .blank(15)
        .number(&account.branch, 3)?
        .blank(15)
        // No clearing house.
        .blank(4)
        .number(kind, 1)?
        .number(&account.number, 7)?
        .text(&account.holder, PAYEE_CHARACTERS)?
        .number(&payment.amount.0.to_string(), 10)?
        // Nothing is said of whether the account is new.
        .number("0", 1)?
        // Customer codes: the worker's number, so that what a bank sends back is found again. All digits, because some banks
        // read these fields as numbers and others as text.
        .number(&payment.worker.to_string(), 10)?
        .number("0", 10)?
        // 電信: the one way left since 文書振込 ended. Banks that leave it out pass over it.
        .number("7", 1)?
        // No EDI, so the codes before are customer codes.
        .blank(1)
        .blank(7);
    Ok(record)
}

fn trailer(payments: &[Payment<'_>]) -> Result<Record, FileError> {
    let total: Yen = payments.iter().map(|one| one.amount).sum();
    let record = Record::default()
        .number("8", 1)?
        .number(&payments.len().to_string(), 6)?
        .number(&total.0.to_string(), 12)?
        .blank(101);
    Ok(record)
}

/// A record, written field by field.
#[derive(Default)]
struct Record(Vec<u8>);

impl Record {
    /// Digits, right behind zeros.
    fn number(mut self, digits: &str, width: usize) -> Result<Self, FileError> {
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(FileError::Unwritable);
        }
        let zeros = width.checked_sub(digits.len()).ok_or(FileError::TooLarge)?;
        self.0.resize(self.0.len() + zeros, b'0');
        self.0.extend_from_slice(digits.as_bytes());
        Ok(self)
    }

    /// Text, left before spaces.
    fn text(mut self, text: &str, width: usize) -> Result<Self, FileError> {
        let bytes: Option<Vec<u8>> = text.chars().map(jis).collect();
        let bytes = bytes.ok_or(FileError::Unwritable)?;
        let spaces = width.checked_sub(bytes.len()).ok_or(FileError::Unwritable)?;
        self.0.extend(bytes);
        Ok(self.blank(spaces))
    }

    fn blank(mut self, width: usize) -> Self {
        self.0.resize(self.0.len() + width, b' ');
        self
    }

    fn onto(self, file: &mut Vec<u8>) {
        debug_assert_eq!(self.0.len(), RECORD_BYTES, "fields of a record");
        file.extend(self.0);
        file.extend(b"\r\n");
    }
}

/// A character's byte in JIS X 0201, of those that banks take: ｦ, small kana, ｰ and small letters are none of them.
fn jis(character: char) -> Option<u8> {
    match character {
        '0'..='9' | 'A'..='Z' | ' ' | '(' | ')' | '-' | '.' => u8::try_from(character).ok(),
        // The half-width kana of Unicode stand in the same order: U+FF71 ｱ is 0xB1, U+FF9F ﾟ is 0xDF.
        'ｱ'..='ﾟ' => u8::try_from(u32::from(character) - 0xFEC0).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    fn payer() -> Payer {
        Payer {
            originator_code: "0000012345".into(),
            name: "ﾐﾎﾝﾁﾖｳ ﾃﾚﾜ-ｸ".into(),
            bank: "0143".into(),
            branch: "205".into(),
            kind: AccountKind::Ordinary,
            number: "0000123".into(),
            changed_at: DateTime::UNIX_EPOCH,
            version: 1,
        }
    }

    fn account(kind: AccountKind, number: &str, holder: &str) -> BankAccount {
        BankAccount {
            bank: "0005".into(),
            branch: "001".into(),
            kind,
            number: number.into(),
            holder: holder.into(),
        }
    }

    fn day() -> NaiveDate {
        "2026-12-25".parse().unwrap()
    }

    /// As JIS X 0201 reads it.
    fn read(bytes: &[u8]) -> String {
        let kana = |byte: u8| char::from_u32(u32::from(byte) + 0xFEC0).unwrap();
        bytes.iter().map(|byte| if *byte < 0x80 { char::from(*byte) } else { kana(*byte) }).collect()
    }

    #[test]
    fn a_file_is_what_the_layout_says_byte_by_byte() {
        let ordinary = account(AccountKind::Ordinary, "1234567", "ﾔﾏﾀﾞ ﾊﾅｺ");
        let savings = account(AccountKind::Savings, "0000042", "ｶ)ﾊﾟﾝﾔ A.B-1");
        let payments = [
            Payment { account: &ordinary, worker: WorkerId(12), amount: Yen(48_400) },
            Payment { account: &savings, worker: WorkerId(3), amount: Yen(1) },
        ];
        let file = encode(&payer(), day(), &payments).unwrap();
        // Written down by hand from domain.md 3.12: what stands, and how wide the rest of its field is.
        let (name, gap) = ("ﾐﾎﾝﾁﾖｳ ﾃﾚﾜ-ｸ", "");
        let header = format!("12100000012345{name:<40}12250143{gap:15}205{gap:15}10000123{gap:17}");
        let before = format!("20005{gap:15}001{gap:15}{gap:4}");
        let customer = |worker: &str| format!("0{worker}0000000000") + "7" + " " + "       ";
        let (hanako, taro) = ("ﾔﾏﾀﾞ ﾊﾅｺ", "ｶ)ﾊﾟﾝﾔ A.B-1");
        let first = format!("{before}11234567{hanako:<30}0000048400{}", customer("0000000012"));
        let second = format!("{before}40000042{taro:<30}0000000001{}", customer("0000000003"));
        let trailer = format!("8000002000000048401{gap:101}");
        let end = format!("9{gap:119}");
        let lines = [header, first, second, trailer, end];
        assert_eq!(read(&file), lines.map(|line| line + "\r\n").concat());
        assert_eq!(file.len(), 5 * 122);
        // ﾔﾏﾀﾞ: a byte for the voicing mark.
        assert_eq!(&file[122 + 50..122 + 54], [0xD4, 0xCF, 0xC0, 0xDE]);
    }

    #[test]
    fn what_does_not_fit_is_refused_and_nothing_is_cut() {
        let one = |amount: i64, holder: &str| {
            let account = account(AccountKind::Current, "1", holder);
            let payment = Payment { account: &account, worker: WorkerId(1), amount: Yen(amount) };
            encode(&payer(), day(), &[payment]).map(drop)
        };
        assert_eq!(one(9_999_999_999, "ｱ"), Ok(()));
        assert_eq!(one(10_000_000_000, "ｱ"), Err(FileError::TooLarge));
        assert_eq!(one(1, &"ｶﾞ".repeat(15)), Ok(()));
        assert_eq!(
            one(1, &"ｶﾞ".repeat(16)),
            Err(FileError::Unwritable),
            "never cut between kana and its mark"
        );
        for foreign in ["山", "ア", "ｦ", "ｧ", "ｰ", "a", "/", "\u{e9}"] {
            assert_eq!(one(1, foreign), Err(FileError::Unwritable), "{foreign}");
        }
        assert_eq!(one(-1, "ｱ"), Err(FileError::Unwritable), "nothing is taken from anybody");
    }

    #[test]
    fn a_payer_of_each_kind_has_its_digit() {
        let digit = |kind: AccountKind| {
            let file = encode(&Payer { kind, ..payer() }, day(), &[]).unwrap();
            char::from(file[95])
        };
        let digits = [AccountKind::Ordinary, AccountKind::Current, AccountKind::Savings].map(digit);
        assert_eq!(digits, ['1', '2', '9']);
    }

    proptest! {
        #[test]
        fn whatever_is_paid_every_record_is_120_bytes_and_the_trailer_adds_up(
            paid in proptest::collection::vec(("[ｱ-ﾝﾞﾟA-Z0-9 ().-]{1,30}", 1i64..=9_999_999_999, 1i64..100_000), 0..40),
        ) {
            let accounts: Vec<BankAccount> =
                paid.iter().map(|(holder, ..)| account(AccountKind::Ordinary, "7654321", holder)).collect();
            let payments: Vec<Payment<'_>> = accounts
                .iter()
                .zip(&paid)
                .map(|(account, (_, amount, worker))| Payment {
                    account,
                    worker: WorkerId(*worker),
                    amount: Yen(*amount),
                })
                .collect();
            let file = encode(&payer(), day(), &payments).unwrap();
            let lines: Vec<&[u8]> = file.chunks(122).collect();
            prop_assert_eq!(lines.len(), paid.len() + 3);
            for line in &lines {
                prop_assert_eq!((line.len(), &line[120..]), (122, &b"\r\n"[..]));
                prop_assert!(!line[..120].contains(&b'\r') && !line[..120].contains(&b'\n'));
            }
            let number = |line: &[u8], from: usize, width: usize| -> i64 {
                read(&line[from..from + width]).parse().unwrap()
            };
            let kinds: Vec<i64> = lines.iter().map(|line| number(line, 0, 1)).collect();
            let expected: Vec<i64> =
                [1].into_iter().chain(paid.iter().map(|_one| 2)).chain([8, 9]).collect();
            prop_assert_eq!(kinds, expected);
            for (line, (holder, amount, worker)) in lines[1..].iter().zip(&paid) {
                let payee = read(&line[50..80]);
                prop_assert_eq!(payee.trim_end(), holder.trim_end());
                prop_assert_eq!((number(line, 80, 10), number(line, 91, 10)), (*amount, *worker));
            }
            let trailer = lines[paid.len() + 1];
            let sum: i64 = paid.iter().map(|(_, amount, _)| amount).sum();
            prop_assert_eq!(number(trailer, 1, 6), i64::try_from(paid.len()).unwrap());
            prop_assert_eq!(number(trailer, 7, 12), sum);
        }
    }
}
