//! What is no longer kept of those who left: a year later (`workers::forgotten_on`) nobody knows how to call them, with whom
//! they talked, under which conditions they worked, what consideration they asked for, or at which bank they were paid. Their
//! steps stay, for every count is made from them, and so does what they were paid.
//!
//! Invariant: what was paid and what waits to be paid is long past then (sixty days at most, Freelance Act art. 4), so no
//! payment looks for an account that has gone.

use db::{DbError, Tx};
use kernel::date_in_japan;

use crate::{availability, bank_accounts, care_requests, interviews, workers};

/// Forgets what is due to be forgotten in this town; gives how many rows that touched. May run twice and may miss a night.
/// Of applicants who said no so long ago the same goes, but for that no itself: without it they would wait for an interview
/// again.
pub fn forget(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let day = workers::forgotten_until(date_in_japan(tx.now()));
    let mut gone = workers::to_forget(tx, day)?;
    let said_no = workers::said_no_until(tx, day)?;
    let interviews =
        interviews::store::forget(tx, &gone)? + interviews::store::forget_but_last(tx, &said_no)?;
    gone.extend(said_no);
    let offered = availability::store::forget(tx, &gone)?;
    let wishes = care_requests::store::forget(tx, &gone)?;
    let accounts = bank_accounts::store::forget(tx, &gone)?;
    Ok(interviews + offered + wishes + accounts + workers::forget_phones(tx, &gone)?)
}

#[cfg(test)]
mod tests {
    use diesel::RunQueryDsl as _;
    use kernel::{Paging, PersonId, WorkerId};

    use super::*;
    use crate::bank_accounts::{BankAccountInput, Banks};
    use crate::care_requests::{CareAnswerInput, CareInput};
    use crate::sealing::SealingKeys;
    use crate::testing::Centre;
    use crate::workers::{RegisterInput, WithdrawInput};

    fn keys() -> SealingKeys {
        let line = SealingKeys::new_line().unwrap();
        SealingKeys::from_source(move || Ok(line.clone()))
    }

    /// Somebody with an account, a request that was answered and one that was not.
    fn registered(centre: &Centre, keys: &SealingKeys, person: PersonId) -> WorkerId {
        let register = |tx: &mut Tx<'_>| workers::register(tx, person, RegisterInput::default());
        let worker = centre.as_coordinator(register).unwrap().id;
        let account = BankAccountInput {
            bank: "0143".into(),
            branch: "205".into(),
            kind: "ordinary".into(),
            number: "7654321".into(),
            holder: "ヤマダ ハナコ".into(),
        };
        centre.as_person(person, |tx| bank_accounts::put(tx, keys, &Banks::default(), &account)).unwrap();
        let asks = |wish: &str| {
            let input = CareInput { kind: "day".into(), wish: wish.into(), ..CareInput::default() };
            centre.as_person(person, |tx| care_requests::ask(tx, worker, &input)).unwrap()
        };
        let answered = asks("3日のばしてほしい");
        let agreed = CareAnswerInput { decision: "agreed".into(), ..CareAnswerInput::default() };
        centre.as_coordinator(|tx| care_requests::answer(tx, answered.id, 1, &agreed)).unwrap();
        asks("夜に連絡しないでほしい");
        worker
    }

    /// Accounts and requests of a worker.
    fn kept(centre: &Centre, keys: &SealingKeys, worker: WorkerId) -> (usize, usize) {
        let accounts = centre.as_coordinator(|tx| bank_accounts::in_clear(tx, keys, &[worker])).unwrap();
        let wishes =
            centre.as_coordinator(|tx| care_requests::list(tx, Some(worker), &Paging::first(9))).unwrap();
        (accounts.len(), wishes.items.len())
    }

    #[test]
    fn of_an_applicant_who_said_no_a_year_ago_only_the_no_is_kept() {
        let centre = Centre::new();
        let applies = |person: PersonId| {
            let input = RegisterInput::default();
            let worker = centre.as_coordinator(|tx| workers::apply(tx, person, input)).unwrap();
            let phone = workers::PhoneInput { phone: "0859-00-0000".into() };
            let set = |tx: &mut Tx<'_>| workers::set_phone(tx, worker.id, worker.version, &phone);
            centre.as_coordinator(set).unwrap();
            worker.id
        };
        let talks = |worker: WorkerId, outcome: &str| {
            let input = interviews::InterviewInput {
                day: "2026-11-26".into(),
                time: "10:00".into(),
                way: "phone".into(),
                interviewer_id: centre.other.to_string().into(),
                ..interviews::InterviewInput::default()
            };
            let ends = interviews::OutcomeInput { outcome: outcome.into() };
            centre
                .as_coordinator(|tx| {
                    let one = interviews::plan(tx, worker, &input)?;
                    interviews::conclude(tx, one.id, one.version, &ends)
                })
                .unwrap();
        };
        let kept = |worker: WorkerId| {
            let worker = centre.as_coordinator(|tx| workers::find(tx, worker)).unwrap();
            let talks = centre.as_coordinator(|tx| interviews::of_worker(tx, worker.id)).unwrap();
            (worker.phone.is_empty(), talks.len())
        };
        centre.at("2026-11-26T03:00:00Z");
        let (says_no, waits) = (applies(centre.worker), applies(centre.other));
        for (worker, outcome) in
            [(says_no, "later"), (says_no, "not_now"), (waits, "not_now"), (waits, "later")]
        {
            talks(worker, outcome);
        }
        centre.at("2027-11-25T14:59:00Z");
        assert_eq!(centre.as_coordinator(forget).unwrap(), 0);
        centre.at("2027-11-26T15:01:00Z");
        assert_eq!(centre.as_coordinator(forget).unwrap(), 2, "the number and the talk before");
        assert_eq!((kept(says_no), kept(waits)), ((true, 1), (false, 2)));
        assert_eq!(centre.as_coordinator(forget).unwrap(), 0, "twice is once");
    }

    #[test]
    fn the_account_and_the_requests_of_who_left_go_a_year_later_and_nobody_elses() {
        let (centre, keys) = (Centre::new(), keys());
        let leaves = registered(&centre, &keys, centre.worker);
        let stays = registered(&centre, &keys, centre.other);
        let early = centre.as_coordinator(|tx| care_requests::store::forget(tx, &[leaves, stays]));
        assert_eq!(early.unwrap(), 0, "the database itself keeps the requests of who is here");
        centre.at("2026-11-26T03:00:00Z");
        let reason = WithdrawInput { reason: "employment".into(), ..WithdrawInput::default() };
        centre.as_coordinator(|tx| workers::withdraw(tx, leaves, reason)).unwrap();
        centre.at("2027-11-25T14:59:00Z");
        assert_eq!(centre.as_coordinator(forget).unwrap(), 0, "a minute before the day that was shown");
        assert_eq!(kept(&centre, &keys, leaves), (1, 2));
        centre.at("2027-11-25T15:01:00Z");
        assert_eq!(centre.as_coordinator(forget).unwrap(), 3);
        assert_eq!(kept(&centre, &keys, leaves), (0, 0));
        assert_eq!(kept(&centre, &keys, stays), (1, 2));
        assert_eq!(centre.as_coordinator(forget).unwrap(), 0, "twice is once");
        let others = centre.as_coordinator(|tx| -> Result<_, DbError> {
            Ok(diesel::sql_query("DELETE FROM care_requests").execute(tx.conn())?)
        });
        assert_eq!(others.unwrap(), 0);
    }
}
