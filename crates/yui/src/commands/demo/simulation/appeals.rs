//! What makers do not agree with, and what clients want otherwise than it was ordered: another reviewer decides, and doing
//! it anew is paid anew.

use chrono::{NaiveDate, TimeDelta};
use fulfillment::appeals::{self, AppealError, AppealInput, AppealOutcome, DecideAppealInput, OpenAppeal};
use fulfillment::fixes::{FixInput, OpenFix};
use fulfillment::reviews::{ReviewInput, ToReview};
use kernel::{JobId, Paging, PersonId, UnitId, Yen, date_in_japan};

use super::month::Month;
use crate::Stop;

/// How many days a fix may take.
const FIX_DAYS: i64 = 5;
/// How often an appeal is right.
const RIGHT: f64 = 0.5;
/// What a client writes who wants something else by now.
const OTHERWISE: &str = "様式が新しくなりました。新しいほうでお願いします。";

/// What doing it otherwise pays: two fifths of what the whole does, as long as mending takes.
fn anew(unit_pay: Yen) -> String {
    (unit_pay.0 * 2 / 5).max(1).to_string()
}

impl Month<'_> {
    /// Of what came back as their fault, some makers think otherwise.
    pub(super) fn appeal(&mut self, returned: &[(usize, UnitId)]) -> Result<(), Stop> {
        if returned.is_empty() || self.scenario.appeals <= 0.0 {
            return Ok(());
        }
        self.town.stage.wait(2);
        for (maker, unit) in returned {
            let someone = self.someone(*maker)?;
            let (person, is_there) = (someone.person, someone.is_there);
            let input =
                AppealInput { text: "見本のとおりです。もう一度見てください。".into() };
            self.town.stage.act(person, |tx| -> Result<(), AppealError> {
                let refusal = appeals::mine(tx, *unit)?;
                let name = format!("appeals {maker} {} {}", refusal.label, refusal.refused_at);
                if is_there && refusal.may_appeal && self.chance.happens(self.scenario.appeals, &name) {
                    appeals::appeal(tx, *unit, &input)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Whoever did not send it back decides, on a later day.
    pub(super) fn judge(&mut self, checker: PersonId) -> Result<(), Stop> {
        if self.scenario.appeals <= 0.0 {
            return Ok(());
        }
        let waiting = self.town.stage.act(checker, |tx| appeals::waiting(tx, &Paging::first(100)))?.items;
        for open in waiting {
            if open.first_checker == checker || date_in_japan(open.appeal.appealed_at) == self.today() {
                continue;
            }
            let input = self.judgement(&open);
            self.town.stage.act(checker, |tx| appeals::decide(tx, open.appeal.id, &input))?;
            let appellant = self.people.iter().find(|(_, one)| one.person == open.appeal.appellant_id);
            if let Some((maker, _)) = appellant {
                self.begin_anew(*maker, open.appeal.unit_id)?;
            }
        }
        Ok(())
    }

    /// Where its maker is right, what is wanted was not agreed and is paid anew, or it passes, in turns: so a short month has both.
    /// What others have by now is paid at least.
    fn judgement(&mut self, open: &OpenAppeal) -> DecideAppealInput {
        let name = format!("is right {} {}", open.job_title, open.label);
        let outcome = match (self.chance.happens(RIGHT, &name), open.is_with_maker) {
            (false, _) => AppealOutcome::Upheld,
            (true, false) => AppealOutcome::Paid,
            (true, true) => {
                self.was_not_agreed = !self.was_not_agreed;
                if self.was_not_agreed { AppealOutcome::Changed } else { AppealOutcome::Passed }
            }
        };
        let pay = self.number_of(open.job_id).map_or(Yen(1), |number| self.unit_pay(number));
        let extra_pay = if outcome == AppealOutcome::Changed { anew(pay) } else { String::new() };
        DecideAppealInput {
            outcome: outcome.as_str().into(),
            comment: "もう一度見ました。".into(),
            extra_pay: extra_pay.into(),
            ..DecideAppealInput::default()
        }
    }

    /// Of which of the scenario's orders a job is.
    fn number_of(&self, job: JobId) -> Option<usize> {
        self.orders.iter().find(|(_, order)| order.has(job)).map(|(number, _)| *number)
    }

    /// What is asked for anew is another thing than what was: whoever has it sits down to it.
    pub(super) fn begin_anew(&mut self, maker: usize, unit: UnitId) -> Result<(), Stop> {
        self.someone(maker)?.left_of_unit.remove(&unit);
        self.sit_down(maker);
        Ok(())
    }

    /// What a reviewer says of a version whose client wants it otherwise by now; nothing where they do not.
    pub(super) fn changed(&self, one: &ToReview, maker: usize) -> Option<ReviewInput> {
        let name = format!("is changed {maker} {}", one.label);
        if one.number > 1 || !self.chance.happens(self.scenario.client_changes, &name) {
            return None;
        }
        let number = self.number_of(one.job)?;
        let day = self.due(number).max(self.day_of_fix());
        Some(ReviewInput {
            verdict: "return".into(),
            reason: "specification_changed".into(),
            fault: "specification".into(),
            comment: OTHERWISE.into(),
            extra_pay: anew(self.unit_pay(number)).into(),
            due_on: day.to_string().into(),
            ..ReviewInput::default()
        })
    }

    /// What a client answers about a unit of a delivery, with what they write.
    pub(super) fn answers(
        &mut self,
        number: usize,
        unit: UnitId,
        label: &str,
    ) -> (&'static str, &'static str) {
        let happens =
            |likely: f64, what: &str| self.chance.happens(likely, &format!("{what} {number} {label}"));
        let note = if happens(self.scenario.client_fixes, "wants a fix") {
            "直してください"
        } else if happens(self.scenario.client_changes, "wants another") {
            OTHERWISE
        } else {
            return ("accepted", "");
        };
        if self.sent_back.insert(unit) { ("fix", note) } else { ("accepted", "") }
    }

    /// Whoever made it mends what the client wants within a week, and is paid for what was not agreed.
    pub(super) fn fix(&self, one: &OpenFix) -> FixInput {
        let input = FixInput {
            fault: "worker".into(),
            due_on: self.day_of_fix().to_string().into(),
            comment: "お客様のご希望です。".into(),
            ..FixInput::default()
        };
        if one.note != OTHERWISE {
            return input;
        }
        FixInput { fault: "specification".into(), extra_pay: anew(one.unit_pay).into(), ..input }
    }

    fn day_of_fix(&self) -> NaiveDate {
        self.today() + TimeDelta::days(FIX_DAYS)
    }
}
