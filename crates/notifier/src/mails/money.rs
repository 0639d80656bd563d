//! Mails about money: a statement of pay is ready, somebody thinks that one is wrong, and pay days come near; an invoice, or a return
//! of one, is there for its client.

use kernel::Language;
use serde::Serialize;

use super::changes::{Sample, mails};
use super::{Audience, Link, Mail, either};
use crate::messages::Category;

/// A statement of pay (支払通知書) is there, or a newer version of one: to its worker. It is the paper the tax law counts on, so
/// nobody switches it off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatementReady {
    /// What is transferred, with its unit.
    pub amount: String,
    /// When, in words.
    pub pay_on: String,
    /// The day everything on it was received by, in words.
    pub closed_on: String,
    /// Whether it takes the place of one that was sent before.
    pub is_newer: bool,
    /// The page that shows it.
    pub link: Link,
}

impl Mail for StatementReady {
    const NAME: &'static str = "statement_ready";
    const CATEGORY: Category = Category::Legal;
    const AUDIENCE: Audience = Audience::Worker;
    const MUST_SAY: &'static [&'static str] = &["amount", "pay_on", "link"];

    fn sample(language: Language) -> Self {
        Self {
            amount: either(language, "12,540円", "¥12,540"),
            pay_on: either(language, "2026年12月25日(金)", "Fri 25 Dec 2026"),
            closed_on: either(language, "2026年11月30日(月)", "Mon 30 Nov 2026"),
            is_newer: false,
            link: Link::sample("/my-statements/31"),
        }
    }
}

mails! {
    /// An invoice, with the page to read and print it on: to a contact of the client.
    InvoiceSent = "invoice_sent", Client, "/b/SAMPLE", must say ["total", "due_on", "link"], {
        /// The client.
        company: String = "株式会社みほん商店", "Mihon Trading Co., Ltd.";
        /// The invoice’s number.
        number: String = "12", "12";
        /// The day of issue, in words.
        issued_on: String = "2026年11月30日(月)", "Mon 30 Nov 2026";
        /// Yen with tax.
        total: String = "96,800円", "¥96,800";
        /// What is still to be paid of it, with its unit; empty where nothing is, and the paper is a copy.
        rest: String = "96,800円", "¥96,800";
        /// The day by which it is paid, in words.
        due_on: String = "2026年12月31日(木)", "Thu 31 Dec 2026";
        /// The account it is paid to, as the invoice says; empty where it names none.
        bank_account: String = "見本銀行 立科支店 普通 1234567 タテシナマチ", "Mihon Bank, Tateshina branch, 1234567, Town of Tateshina";
        /// Who sends it.
        sent_by: String = "調整 花子", "Hanako Chosei";
        /// What they write beside it; may be empty.
        message: String = "11月分のご請求です。", "This is for November.";
    }

    /// A return of an invoice, with the page that shows both: to a contact of the client.
    CreditSent = "credit_sent", Client, "/b/SAMPLE", must say ["total", "invoice_number", "link"], {
        /// The client.
        company: String = "株式会社みほん商店", "Mihon Trading Co., Ltd.";
        /// The return’s number.
        number: String = "3", "3";
        /// The day of issue, in words.
        issued_on: String = "2026年12月4日(金)", "Fri 4 Dec 2026";
        /// The invoice’s number.
        invoice_number: String = "12", "12";
        /// The day the invoice was issued on, in words.
        invoice_issued_on: String = "2026年11月30日(月)", "Mon 30 Nov 2026";
        /// What is not asked for any more, yen with tax.
        total: String = "8,800円", "¥8,800";
        /// Why.
        reason: String = "数量の訂正", "The quantity was wrong";
        /// Who sends it.
        sent_by: String = "調整 花子", "Hanako Chosei";
        /// What they write beside it; may be empty.
        message: String = "ご迷惑をおかけしました。", "We are sorry for the trouble.";
    }

    /// A worker thinks that a statement of theirs is wrong: to those who run the work.
    StatementObjected = "statement_objected", Team, "/statements/31", must say ["objection", "link"], {
        /// Who.
        worker: String = "見本 花子", "Hanako Mihon";
        /// What they write.
        objection: String = "11月20日の1件が入っていません。", "One unit of 20 November is missing.";
        /// When it is paid, in words.
        pay_on: String = "2026年12月25日(金)", "Fri 25 Dec 2026";
    }

    /// Pay days are near or have passed: to those who run the work.
    PaymentsNear = "payments_near", Team, "/statements", must say ["pay_on", "link"], {
        /// The earliest day, in words.
        pay_on: String = "2026年12月25日(金)", "Fri 25 Dec 2026";
        /// What stands on statements that are not paid, with its unit; empty where nothing.
        payable: String = "125,400円", "¥125,400";
        /// How many statements those are.
        statements: String = "8", "8";
        /// What stands on no statement yet, before tax, with its unit; empty where nothing.
        unclosed: String = "4,000円", "¥4,000";
        /// How many units wait for review although their pay day is near; "0" where none.
        unchecked_units: String = "3", "3";
        /// What they pay, before tax, with its unit; empty where none.
        unchecked: String = "1,200円", "¥1,200";
    }
}
