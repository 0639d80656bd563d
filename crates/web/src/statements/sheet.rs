//! A statement's paper as it is read: on the page of whoever pays and of whoever is paid alike.

use chrono::NaiveDate;
use fulfillment::statements::{PayClock, Statement, StatementLine, StatementPaper, VersionCause};
use serde::Serialize;

use crate::call::Call;
use crate::format;
use crate::orders::parts;
use crate::phrases::said;

/// What the paper says, in the reader's language; names and titles as they were issued.
#[derive(Serialize)]
pub(super) struct Sheet {
    number: String,
    /// Why there is this version; empty for the first.
    cause: String,
    reason: String,
    issued_on: String,
    closed_on: String,
    pay_on: String,
    orderer_name: String,
    orderer_address: String,
    worker_name: String,
    registration_number: String,
    lines: Vec<Line>,
    amount: String,
    tax_label: String,
    tax: String,
    /// Empty where nothing is withheld.
    withheld: String,
    withholding_base: String,
    payable: String,
    sha256: String,
}

#[derive(Serialize)]
struct Line {
    title: String,
    kind: String,
    received: String,
    units: String,
    unit_price: String,
    amount: String,
    is_withheld: bool,
}

impl Line {
    fn of(call: &Call, line: &StatementLine) -> Self {
        let day = |day: NaiveDate| format::short_date(call.language, day);
        let (first, last) = (line.first_received_on, line.last_received_on);
        Self {
            title: line.title.clone(),
            kind: call.text(&parts::text_key("statement-line", line.kind.as_str())),
            received: if first == last {
                day(first)
            } else {
                said(call, "statement-days", [("first", &day(first)), ("last", &day(last))])
            },
            units: format::count(line.units.into()),
            unit_price: format::yen(call.language, line.unit_price),
            amount: format::yen(call.language, line.amount),
            is_withheld: line.is_withheld,
        }
    }
}

impl Sheet {
    pub(super) fn of(call: &Call, statement: &Statement, paper: &StatementPaper) -> Self {
        let day = |day: NaiveDate| format::full_date(call.language, day);
        let yen = |amount| format::yen(call.language, amount);
        let has_withheld = paper.lines.iter().any(|line| line.is_withheld);
        Self {
            number: number(statement, paper.number),
            cause: match paper.cause {
                VersionCause::First => String::new(),
                cause => call.text(&parts::text_key("statement-cause", cause.as_str())),
            },
            reason: paper.reason.clone(),
            issued_on: format::moment(call.language, paper.issued_at),
            closed_on: day(paper.closed_on),
            pay_on: day(statement.pay_on),
            orderer_name: paper.orderer_name.clone(),
            orderer_address: paper.orderer_address.clone(),
            worker_name: paper.worker_name.clone(),
            registration_number: paper.registration_number.clone(),
            lines: paper.lines.iter().map(|line| Line::of(call, line)).collect(),
            amount: yen(paper.amount),
            tax_label: said(call, "statement-tax", [("rate", &paper.tax_rate.0.to_string())]),
            tax: yen(paper.tax),
            withheld: if has_withheld { yen(kernel::Yen(-paper.withheld.0)) } else { String::new() },
            withholding_base: yen(paper.withholding_base),
            payable: yen(paper.payable),
            sha256: paper.sha256.clone(),
        }
    }
}

/// `12-2`: the statement and its version.
pub(super) fn number(statement: &Statement, version: i32) -> String {
    format!("{}-{version}", statement.id)
}

/// A payment's clock in words with its tone; no tone while there is time.
#[derive(Serialize)]
pub(super) struct Clock {
    tone: &'static str,
    text: String,
}

impl Clock {
    pub(super) fn of(call: &Call, statement: &Statement, today: NaiveDate) -> Self {
        let (tone, key) = match statement.clock(today) {
            PayClock::Calm => ("", "calm"),
            PayClock::Near => ("warn", "near"),
            PayClock::Late => ("bad", "late"),
            PayClock::Unlawful => ("bad", "unlawful"),
        };
        Self { tone, text: call.text(&parts::text_key("statement-clock", key)) }
    }
}
