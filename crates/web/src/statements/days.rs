//! The rows of `/statements` that say what is to be transferred: of each pay day each file of transfers and what is in none, with the
//! button that notes exactly that as paid.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::statements::{self, PaidDayInput, UnpaidDay};
use fulfillment::transfers::{self, TransferFile, TransferFileId};
use kernel::date_in_japan;
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::phrases::said;
use crate::transfers::pages::{made_at, page_of};

#[derive(Serialize)]
pub(super) struct DayRow {
    day: String,
    /// Of which file this is what is left, or that it is in none, in words.
    file: String,
    statements: String,
    payable: String,
    /// What pays the reader and is left to somebody else, in words; empty where nothing does.
    own: String,
    clock_tone: &'static str,
    due: format::Due,
    /// Where files of its transfers are made and seen; empty where everything of it pays the reader.
    transfer_href: String,
    form_action: String,
    form_day: String,
    /// The file, or empty.
    form_file: String,
    /// What was transferred where everything of this row was.
    form_statements: i64,
    form_payable: i64,
    /// What tells this row's buttons from those of others.
    about: String,
}

/// What is to be transferred, with the files that hold it and how many of the rest have no account.
pub(super) struct Days {
    pub(super) days: Vec<UnpaidDay>,
    files: HashMap<TransferFileId, TransferFile>,
    /// By the place of their day among `days`.
    without_account: HashMap<usize, i64>,
}

impl Days {
    pub(super) fn read(tx: &mut Tx<'_>) -> Result<Self, DbError> {
        let days = statements::unpaid_days(tx)?;
        let named: Vec<TransferFileId> = days.iter().filter_map(|day| day.transfer_file_id).collect();
        let files = transfers::files(tx, &named)?.into_iter().map(|file| (file.id, file)).collect();
        let mut without_account = HashMap::new();
        for (place, day) in days.iter().enumerate().filter(|(_, day)| day.transfer_file_id.is_none()) {
            without_account.insert(place, transfers::due(tx, day.pay_on)?.count_without_account());
        }
        Ok(Self { days, files, without_account })
    }

    pub(super) fn rows(&self, call: &Call, now: DateTime<Utc>) -> Vec<DayRow> {
        self.days.iter().enumerate().map(|(place, day)| self.row(call, place, day, now)).collect()
    }

    fn row(&self, call: &Call, place: usize, day: &UnpaidDay, now: DateTime<Utc>) -> DayRow {
        let due = format::due(call.language, now, day.pay_on);
        let (full_day, file) = (format::full_date(call.language, day.pay_on), self.file(call, place, day));
        DayRow {
            own: own(call, day),
            about: format!("{full_day} {file}"),
            day: full_day,
            file,
            statements: format::count(day.statements),
            payable: format::yen(call.language, day.payable),
            clock_tone: if date_in_japan(now) > day.pay_by { "late" } else { due.tone },
            due,
            transfer_href: if day.statements > 0 { page_of(day.pay_on) } else { String::new() },
            form_action: "/statements/paid".to_owned(),
            form_day: day.pay_on.to_string(),
            form_file: day.transfer_file_id.map(|file| file.to_string()).unwrap_or_default(),
            form_statements: day.statements,
            form_payable: day.payable.0,
        }
    }

    fn file(&self, call: &Call, place: usize, day: &UnpaidDay) -> String {
        if let Some(file) = day.transfer_file_id.and_then(|id| self.files.get(&id)) {
            return said(call, "statements-in-file", [("made", &made_at(call, file))]);
        }
        match self.without_account.get(&place).copied().unwrap_or_default() {
            0 => call.text("statements-in-no-file"),
            people => said(call, "statements-in-no-file-missing", [("people", &format::count(people))]),
        }
    }
}

fn own(call: &Call, day: &UnpaidDay) -> String {
    if day.own_statements == 0 {
        return String::new();
    }
    let (count, amount) = (format::count(day.own_statements), format::yen(call.language, day.own_payable));
    said(call, "statements-own-left", [("count", &count), ("amount", &amount)])
}

/// `POST /statements/paid`: everything of one day that a file held, or that is in none, was transferred.
pub(crate) async fn paid_all(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let input: PaidDayInput = call.form().input()?;
    call.db(move |tx| statements::pay_all(tx, &input)).await?;
    Ok(call.done("/statements", "done-statements-paid"))
}
