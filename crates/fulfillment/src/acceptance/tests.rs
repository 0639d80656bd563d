//! The client's side against a real database: looking, codes, answering once.

use chrono::{DateTime, Duration, Utc};
use kernel::{Code, Coded, FileId, Paging, UnitId};

use super::*;
use crate::claims::{Mine, mine};
use crate::events::OrderAccepted;
use crate::fixes::FixStand;
use crate::orders::OrderState;
use crate::submissions::{self, SubmitInput};
use crate::testing::{Town, answer_input};
use clients::terms::ClientTermsInput;

struct Waiting {
    town: Town,
    worker: kernel::PersonId,
    order: kernel::OrderId,
    delivery: DeliveryId,
    units: Vec<UnitId>,
    secret: OrgSecret,
}

/// Two units before the client.
fn waiting() -> Waiting {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order_of(1000, 2).id;
    let job = town.job(order, 2);
    let units = town.finishes(worker, job.id, 2);
    let (delivery, secret) = town.delivers(order, &[]);
    Waiting { town, worker, order, delivery: delivery.id, units, secret }
}

#[test]
fn a_client_sees_results_and_how_they_were_checked_but_no_names_and_no_memos() {
    let Waiting { town, delivery, units, secret, .. } = waiting();
    let view = town.outside(|tx| open_link(tx, &secret)).unwrap();
    assert_eq!((view.delivery, view.state, view.units.len()), (delivery, DeliveryState::Sent, 2));
    let first = &view.units[0];
    assert_eq!(
        (first.unit, first.text.as_str(), first.state),
        (units[0], "出来ました", UnitState::Delivered)
    );
    assert!(first.check.by_different_people && first.check.checked_at.is_some());
    let shown = serde_json::to_string(&view).unwrap();
    assert!(!shown.contains("子どもが熱を出して"), "the memo is the checker's");
    assert!(!shown.contains("Aoki") && !shown.contains("Checker") && !shown.contains("holder"));
    let none = town.outside(|tx| download(tx, &secret, units[0], FileId(1))).unwrap_err();
    assert_eq!(none.code(), Code::NotFound, "the result is a text");
    assert_eq!(log(&town, delivery), [AccessKind::Opened]);
}

/// The log's kinds, the newest first, read a line a page.
fn log(town: &Town, delivery: DeliveryId) -> Vec<AccessKind> {
    let (mut kinds, mut after) = (Vec::new(), None);
    loop {
        let page =
            town.act(town.director, |tx| accesses(tx, delivery, &Paging { after, ..Paging::first(1) }));
        kinds.extend(page.items.iter().map(|access| access.kind));
        after = page.next;
        if after.is_none() {
            return kinds;
        }
    }
}

#[test]
fn looking_again_within_the_hour_is_one_look_of_each_link() {
    use AccessKind::{CodeSent, Opened};
    let Waiting { town, delivery, secret, .. } = waiting();
    let opened = || town.act(town.director, |tx| was_opened(tx, delivery));
    assert!(!opened());
    for _ in 0..3 {
        town.outside(|tx| open_link(tx, &secret)).unwrap();
        town.wait(Duration::minutes(29));
    }
    assert!(opened());
    assert_eq!(log(&town, delivery), [Opened], "the third look came 58 minutes after the first");
    town.outside(|tx| open_link(tx, &secret)).unwrap();
    assert_eq!(log(&town, delivery), [Opened, Opened]);
    town.code(&secret);
    town.act(town.director, |tx| deliveries::send_again(tx, &town.key, delivery));
    let second = town.link();
    town.outside(|tx| open_link(tx, &second)).unwrap();
    assert_eq!(log(&town, delivery), [Opened, CodeSent, Opened, Opened], "a new link is looked at anew");
}

#[test]
fn a_result_is_downloaded_by_its_unit_and_the_download_is_noted() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order(1000).id;
    let unit = town.claims(worker, town.job(order, 1).id, 1).units[0];
    let file = town.file(worker);
    let foreign_file = town.file(town.director);
    let input = SubmitInput { file_ids: vec![file], ..SubmitInput::default() };
    let version = town.act(worker, |tx| submissions::submit(tx, unit, input));
    town.passes(&version);
    let (delivery, secret) = town.delivers(order, &[]);
    let view = town.outside(|tx| open_link(tx, &secret)).unwrap();
    assert_eq!((view.units[0].files[0].file, view.units[0].files[0].name.as_str()), (file, "回答.csv"));
    assert_eq!(town.outside(|tx| download(tx, &secret, unit, file)).unwrap().id, file);
    for (unit, file) in [(UnitId(999), file), (unit, foreign_file)] {
        let foreign = town.outside(|tx| download(tx, &secret, unit, file)).unwrap_err();
        assert_eq!(foreign.code(), Code::NotFound);
    }
    assert_eq!(log(&town, delivery.id), [AccessKind::Downloaded, AccessKind::Opened]);
}

#[test]
fn unknown_expired_and_foreign_links_give_one_answer() {
    let Waiting { town, units, secret, .. } = waiting();
    let unknown = OrgSecret::generate(town.id);
    let other = town.db.town("shiojiri");
    let scope =
        kernel::Scope { organization: other, actor: kernel::Actor::Outside, request: kernel::RequestId(1) };
    let elsewhere = town.db.app.run_blocking(scope, |tx| open_link(tx, &secret)).unwrap_err();
    let guessed = town.outside(|tx| open_link(tx, &unknown)).unwrap_err();
    town.wait(Duration::days(12 + 31));
    let expired = town.outside(|tx| open_link(tx, &secret)).unwrap_err();
    let answered = town.answers(&secret, "000000", &[(units[0], "accepted", "")]).unwrap_err();
    for error in [elsewhere, guessed, expired, answered] {
        assert_eq!((error.code(), error.to_string()), (Code::LinkGone, AcceptError::LinkGone.to_string()));
    }
}

#[test]
fn accepting_everything_closes_the_order_and_again_gives_the_same_receipt() {
    let Waiting { town, order, units, secret, .. } = waiting();
    let code = town.code(&secret);
    let all = [(units[0], "accepted", ""), (units[1], "accepted", "")];
    let Answer::Taken(receipt) = town.answers(&secret, &code, &all).unwrap() else { panic!("not taken") };
    assert_eq!((receipt.accepted, receipt.fixes, receipt.name.as_str()), (2, 0, "山田 花子"));
    town.wait(Duration::hours(2));
    assert_eq!(town.answers(&secret, "000000", &all).unwrap(), Answer::Taken(receipt));
    let different = [(units[0], "accepted", ""), (units[1], "fix", "日付")];
    assert_eq!(town.answers(&secret, &code, &different).unwrap_err().code(), Code::AlreadyAnswered);
    let late = town.outside(|tx| request_code(tx, &town.key, &secret)).unwrap_err();
    assert_eq!(late.code(), Code::AlreadyAnswered);
    assert_eq!(town.act(town.director, |tx| orders::find(tx, order)).state, OrderState::Closed);
    assert_eq!((town.facts::<OrderAccepted>().len(), town.facts::<DeliveryAnswered>().len()), (1, 1));
    let view = town.outside(|tx| open_link(tx, &secret)).unwrap();
    assert_eq!(view.answered_name.as_deref(), Some("山田 花子"), "the link still shows what was answered");
}

#[test]
fn a_fix_waits_for_a_decision_and_reopens_exactly_its_unit() {
    let Waiting { town, worker, order, units, secret, .. } = waiting();
    let code = town.code(&secret);
    let mixed = [(units[0], "accepted", ""), (units[1], "fix", "日付が違います")];
    assert!(matches!(town.answers(&secret, &code, &mixed).unwrap(), Answer::Taken(_)));
    assert_eq!(town.unit(units[0]).state, UnitState::Accepted);
    assert_eq!(town.unit(units[1]).state, UnitState::ClaimedBack);
    let mine_to_do = || town.act(worker, |tx| mine(tx, Mine::ToDo, &Paging::first(5))).items;
    assert_eq!(mine_to_do(), [], "nobody works on it before it is decided");
    let stand = || town.outside(|tx| open_link(tx, &secret)).unwrap().units[1].fix;
    assert_eq!(stand(), Some(FixStand::Received));
    let decision = town.mends(units[1]);
    assert_eq!(stand(), Some(FixStand::Mending { due_on: decision.due_on }));
    let reopened = town.unit(units[1]);
    assert_eq!(
        (reopened.state, reopened.holder_id, reopened.passed_basis, reopened.due_on),
        (UnitState::Working, Some(worker), None, Some(decision.due_on))
    );
    let history = town.act(town.director, |tx| units::history(tx, units[1]));
    let tail: Vec<_> = history[history.len() - 2..].iter().map(|event| event.to_state).collect();
    assert_eq!(tail, [UnitState::ClaimedBack, UnitState::Working]);
    let told = town.facts::<DeliveryAnswered>().remove(0);
    assert_eq!((told.accepted, told.fixes.len(), told.fixes[0].person), (1, 1, worker));
    assert_eq!(told.fixes[0].job_title, "回答の入力");
    let to_do = mine_to_do();
    assert_eq!(to_do[0].fix.as_ref().map(|fix| fix.wish.as_str()), Some("日付が違います"));
    assert_eq!(to_do[0].work_due_on, decision.due_on);
    let version = town.hands_in(worker, units[1]);
    assert_eq!(version.number, 2);
    town.passes(&version);
    let (second, _) = town.delivers(order, &[]);
    assert_eq!((second.number, stand()), (2, Some(FixStand::Delivered)));
    town.act(town.director, |tx| deliveries::send_again(tx, &town.key, second.id));
    let link = town.link();
    let code = town.code(&link);
    town.answers(&link, &code, &[(units[1], "fix", "まだ違います")]).unwrap();
    assert_eq!(stand(), Some(FixStand::Delivered), "what is wrong with the second is said with the second");
    let again = town.mends(units[1]);
    let second_stand = || town.outside(|tx| open_link(tx, &link)).unwrap().units[0].fix;
    let mending = FixStand::Mending { due_on: again.due_on };
    assert_eq!((stand(), second_stand()), (Some(FixStand::Delivered), Some(mending)));
    town.passes(&town.hands_in(worker, units[1]));
    let (_, third) = town.delivers(order, &[]);
    let code = town.code(&third);
    town.answers(&third, &code, &[(units[1], "accepted", "")]).unwrap();
    assert_eq!(town.act(town.director, |tx| orders::find(tx, order)).state, OrderState::Closed);
}

#[test]
fn a_wrong_code_costs_a_try_that_stays_counted() {
    let Waiting { town, units, secret, .. } = waiting();
    let all = [(units[0], "accepted", ""), (units[1], "accepted", "")];
    assert_eq!(town.answers(&secret, "123456", &all).unwrap(), Answer::NoCode, "none was asked for");
    let code = town.code(&secret);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for left in (0..5).rev() {
        let answer = town.answers(&secret, wrong, &all).unwrap();
        assert_eq!(answer, Answer::WrongCode { tries_left: left });
    }
    assert_eq!(town.answers(&secret, &code, &all).unwrap(), Answer::NoCode, "tried too often");
    let code = town.code(&secret);
    town.wait(Duration::minutes(10));
    assert_eq!(town.answers(&secret, &code, &all).unwrap(), Answer::NoCode, "ten minutes are over");
    let old = town.code(&secret);
    let new = town.code(&secret);
    if old != new {
        assert!(matches!(town.answers(&secret, &old, &all).unwrap(), Answer::WrongCode { .. }));
    }
    let full = town.code(&secret);
    let sixth = town.outside(|tx| request_code(tx, &town.key, &secret)).unwrap_err();
    assert_eq!(sixth.code(), Code::TooManyTries);
    assert!(matches!(town.answers(&secret, &full, &all).unwrap(), Answer::Taken(_)));
}

#[test]
fn an_answer_that_does_not_fit_changes_nothing() {
    let Waiting { town, delivery, units, secret, .. } = waiting();
    let code = town.code(&secret);
    let half = town.answers(&secret, &code, &[(units[0], "accepted", "")]).unwrap_err();
    assert_eq!(half.fields()[0].field, format!("units.{}.answer", units[1]));
    let foreign = town.answers(&secret, &code, &[(UnitId(999), "accepted", "")]).unwrap_err();
    assert_eq!(foreign.code(), Code::NotOfThisOrder);
    let nameless = AnswerInput { name: "".into(), ..answer_input(&code, &[]) };
    let refused = town.outside(|tx| answer(tx, &secret, nameless)).unwrap_err();
    assert_eq!((refused.fields()[0].field.as_str(), refused.fields()[0].code), ("name", Code::Required));
    let found = town.act(town.director, |tx| deliveries::find(tx, delivery));
    assert_eq!(found.state, DeliveryState::Sent);
    assert!(units.iter().all(|unit| town.unit(*unit).state == UnitState::Delivered));
}

#[test]
fn the_same_answer_sent_twice_at_once_is_taken_once() {
    let Waiting { town, units, secret, .. } = waiting();
    let code = town.code(&secret);
    let all = [(units[0], "accepted", ""), (units[1], "accepted", "")];
    let answers = std::thread::scope(|scope| {
        let send = || town.answers(&secret, &code, &all).unwrap();
        let (first, second) = (scope.spawn(send), scope.spawn(send));
        [first.join().unwrap(), second.join().unwrap()]
    });
    assert_eq!(answers[0], answers[1]);
    assert_eq!(town.facts::<DeliveryAnswered>().len(), 1);
}

#[test]
fn a_link_that_has_had_its_codes_is_renewed_by_the_town() {
    let Waiting { town, delivery, units, secret, .. } = waiting();
    let refused = |secret: &OrgSecret| town.outside(|tx| request_code(tx, &town.key, secret)).unwrap_err();
    let hour = |secret: &OrgSecret| {
        for _ in 0..5 {
            town.code(secret);
        }
        town.wait(Duration::hours(1));
    };
    hour(&secret);
    hour(&secret);
    assert_eq!(refused(&secret).code(), Code::LinkSpent, "ten codes within a day");
    town.wait(Duration::days(1));
    hour(&secret);
    hour(&secret);
    town.wait(Duration::days(2));
    assert_eq!(refused(&secret).code(), Code::LinkSpent, "twenty codes, however long ago");
    assert!(town.outside(|tx| open_link(tx, &secret)).is_ok(), "it still shows the delivery");
    town.act(town.director, |tx| deliveries::send_again(tx, &town.key, delivery));
    let renewed = town.link();
    let code = town.code(&renewed);
    let all = [(units[0], "accepted", ""), (units[1], "accepted", "")];
    assert!(matches!(town.answers(&renewed, &code, &all).unwrap(), Answer::Taken(_)));
}

#[test]
fn what_was_typed_comes_back_until_it_is_answered_and_says_whether_its_code_counts() {
    let Waiting { town, units, secret, .. } = waiting();
    let stand = || town.outside(|tx| answering(tx, &secret)).unwrap();
    assert_eq!(stand(), Answering::default());
    let note = UnitAnswer { unit_id: units[1], answer: "fix".into(), note: "日付".into() };
    let typed = AnswerInput { name: "山田 花子".into(), code: "123456".into(), units: vec![note] };
    town.outside(|tx| keep_typed(tx, &secret, &typed)).unwrap();
    let code = town.code(&secret);
    let kept = AnswerInput { code: Typed::default(), ..typed };
    assert_eq!(stand().typed, Some(kept), "without the code");
    let counts = || stand().code.map(|code| code.counts);
    let both = [(units[0], "accepted", ""), (units[1], "fix", "日付")];
    assert_eq!(counts(), Some(true));
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        town.answers(&secret, wrong, &both).unwrap();
    }
    assert_eq!(counts(), Some(false), "tried too often");
    town.code(&secret);
    town.wait(Duration::minutes(10));
    assert_eq!(counts(), Some(false), "too old");
    let code = town.code(&secret);
    assert!(matches!(town.answers(&secret, &code, &both).unwrap(), Answer::Taken(_)));
    assert_eq!(stand(), Answering::default());
}

/// Every reminder comes at once.
#[expect(clippy::unnecessary_wraps, reason = "what `tend` asks may fail elsewhere")]
fn every_mail_comes(_tx: &mut Tx<'_>, silent: &Silent) -> Result<Reach, DbError> {
    Ok(silent.reminded_at.map_or(Reach::Open, Reach::Came))
}

/// Silence, every day at nine, until something is done; how often it was asked before that.
fn mornings(town: &Town, most: usize) -> Vec<Tended> {
    (0..most)
        .map(|_day| {
            town.wait(Duration::days(1));
            town.outside(|tx| tend(tx, every_mail_comes)).unwrap()
        })
        .collect()
}

#[test]
fn a_clients_silence_is_asked_once_and_accepts_nothing_that_was_not_agreed() {
    let Waiting { town, delivery, units, .. } = waiting();
    let tended = mornings(&town, 40);
    assert_eq!(tended.iter().map(|one| one.reminded).sum::<usize>(), 1);
    assert_eq!(tended.iter().map(|one| one.accepted).sum::<usize>(), 0);
    assert_eq!(log(&town, delivery), [AccessKind::Reminded]);
    assert!(units.iter().all(|unit| town.unit(*unit).state == UnitState::Delivered));
}

#[test]
fn silence_accepts_where_the_terms_said_so_after_a_reminder_and_the_whole_day() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order_of(1000, 2);
    let terms = ClientTermsInput {
        inspection_days: "20".into(),
        silence_accepts: "true".into(),
        ..ClientTermsInput::default()
    };
    town.act(town.director, |tx| clients::terms::agree(tx, order.company_id, 0, &terms));
    let units = town.finishes(worker, town.job(order.id, 2).id, 2);
    let (delivery, secret) = town.delivers(order.id, &[]);
    assert_eq!(delivery.inspect_until, kernel::date_in_japan(delivery.sent_at) + Duration::days(20));
    let tended = mornings(&town, 24);
    assert_eq!(tended.iter().map(|one| one.reminded).sum::<usize>(), 1);
    let accepted: Vec<usize> = tended.iter().map(|one| one.accepted).collect();
    assert_eq!(accepted.iter().sum::<usize>(), 1);
    assert!(accepted.iter().take(20).all(|count| *count == 0), "the twentieth day is theirs");
    assert!(units.iter().all(|unit| town.unit(*unit).state == UnitState::Accepted));
    let told = town.facts::<DeliveryAnswered>().remove(0);
    assert_eq!((told.name, told.accepted), (None, 2));
    assert_eq!(log(&town, delivery.id), [AccessKind::Silence, AccessKind::Reminded]);
    let view = town.outside(|tx| open_link(tx, &secret)).unwrap();
    assert_eq!((view.state, view.answered_name), (DeliveryState::Answered, None));
    let late = town.answers(&secret, "123456", &[(units[0], "fix", "日付"), (units[1], "accepted", "")]);
    assert_eq!(late.unwrap_err().code(), Code::AlreadyAnswered);
}

/// On which mornings the client of one unit was reminded, and on which their silence accepted it, as their mail goes by the time of day
/// and by when they were reminded last.
fn reminded_and_accepted(reach: impl Fn(DateTime<Utc>, Option<DateTime<Utc>>) -> Reach) -> [Vec<String>; 2] {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order_of(1000, 1);
    let terms = ClientTermsInput {
        inspection_days: "5".into(),
        silence_accepts: "true".into(),
        ..ClientTermsInput::default()
    };
    town.act(town.director, |tx| clients::terms::agree(tx, order.company_id, 0, &terms));
    town.finishes(worker, town.job(order.id, 1).id, 1);
    let (delivery, _) = town.delivers(order.id, &[]);
    let (mut reminded, mut accepted) = (Vec::new(), Vec::new());
    for _ in 0..25 {
        town.wait(Duration::days(1));
        let tended = town.outside(|tx| {
            let now = tx.now();
            tend(tx, |_tx, silent| {
                assert_eq!((silent.delivery, silent.contact), (delivery.id, delivery.contact_id));
                Ok(reach(now, silent.reminded_at))
            })
        });
        let tended = tended.unwrap();
        assert!(tended.failed.is_empty());
        let today = town.day(0).to_string();
        reminded.extend((tended.reminded > 0).then(|| today.clone()));
        accepted.extend((tended.accepted > 0).then_some(today));
    }
    [reminded, accepted]
}

fn on(day: &str) -> Vec<String> {
    vec![format!("2026-05-{day}")]
}

/// Nothing goes to the address from one time to another, and what was sent there before may come back.
fn while_full(from: &str, until: &str) -> [Vec<String>; 2] {
    let (from, until): (DateTime<Utc>, DateTime<Utc>) = (from.parse().unwrap(), until.parse().unwrap());
    reminded_and_accepted(|now, reminded_at| match reminded_at {
        Some(at) if now < from || at >= until => Reach::Came(at),
        _ if (from..until).contains(&now) => Reach::Shut,
        _ => Reach::Open,
    })
}

#[test]
fn a_reminder_that_a_full_mailbox_turned_away_is_none() {
    let away = while_full("2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    assert_eq!(away, [on("11"), on("14")], "they have until Wednesday the 13th");
    let full = while_full("2026-05-08T10:00:00+09:00", "2026-05-15T10:00:00+09:00");
    assert_eq!(full, [on("16"), on("18")], "not before mail goes there; the 18th is a Monday");
    let came_back = while_full("2026-05-11T10:00:00+09:00", "2026-05-18T10:00:00+09:00");
    assert_eq!(came_back, [[on("11"), on("19")].concat(), on("20")], "the first never came");
}

#[test]
fn a_reminder_that_came_late_has_its_day_from_then() {
    let taken_at = |taken: &str| {
        let taken: DateTime<Utc> = taken.parse().unwrap();
        reminded_and_accepted(move |now, reminded_at| match reminded_at {
            Some(_) if now < taken => Reach::Shut,
            Some(_) => Reach::Came(taken),
            None => Reach::Open,
        })
    };
    let down_for_days = taken_at("2026-05-15T08:00:00+09:00");
    assert_eq!(down_for_days, [on("11"), on("18")], "it came on a Friday; the 18th is a Monday");
    let never = taken_at("2027-01-01T00:00:00Z");
    assert_eq!(never, [on("11"), vec![]], "as long as it may come, it is waited for");
}

#[test]
fn a_reminder_that_never_came_is_sent_anew_and_accepts_nothing() {
    let lost = reminded_and_accepted(|_now, _reminded_at| Reach::Open);
    assert_eq!(lost[1], [] as [String; 0]);
    assert_eq!(lost[0][..3], ["2026-05-11", "2026-05-14", "2026-05-15"], "after the day that was theirs");
}

#[test]
fn silence_of_whoever_mail_does_not_reach_or_whose_link_is_withdrawn_accepts_nothing() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order_of(1000, 2);
    let terms = ClientTermsInput {
        inspection_days: "3".into(),
        silence_accepts: "true".into(),
        ..ClientTermsInput::default()
    };
    town.act(town.director, |tx| clients::terms::agree(tx, order.company_id, 0, &terms));
    town.finishes(worker, town.job(order.id, 2).id, 2);
    let (delivery, _) = town.delivers(order.id, &[]);
    for _ in 0..20 {
        town.wait(Duration::days(1));
        let tended = town.outside(|tx| tend(tx, |_tx, _silent| Ok(Reach::Shut))).unwrap();
        assert_eq!(tended.accepted, 0, "the address takes no mail");
    }
    town.act(town.director, |tx| deliveries::withdraw_link(tx, delivery.id));
    let withdrawn = town.outside(|tx| tend(tx, every_mail_comes)).unwrap();
    assert_eq!(withdrawn.accepted, 0, "nobody can look at it");
    town.act(town.director, |tx| deliveries::send_again(tx, &town.key, delivery.id));
    assert_eq!(
        mornings(&town, 8).iter().map(|one| one.accepted).sum::<usize>(),
        1,
        "asked anew, and again silent"
    );
}
