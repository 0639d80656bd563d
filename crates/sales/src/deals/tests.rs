//! The verbs against a real database.

use std::thread;

use diesel::RunQueryDsl;
use kernel::{Code, Coded, ContactId, DealId, FiscalYear};

use super::*;
use crate::events::{Assigned, DealReopened};
use crate::testing::{Bench, quote_of};

fn to(stage: BoardStageId) -> AdvanceInput {
    AdvanceInput::to(stage)
}

fn lost_for(reason: &str) -> LoseInput {
    LoseInput { reason: reason.into(), note: "予算がつかなかった".into() }
}

fn again() -> ReopenInput {
    ReopenInput { next_action: "再訪".into(), next_action_on: "2026-11-30".into(), ..Default::default() }
}

fn kinds(bench: &Bench, deal: DealId) -> Vec<DealEventKind> {
    let history = bench.act(|tx| history(tx, deal)).unwrap();
    history.into_iter().rev().map(|event| event.kind).collect()
}

#[test]
fn a_deal_begins_in_the_first_open_stage_with_a_next_action() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    assert_eq!((deal.stage_id, deal.owner_id, deal.version), (bench.stage("接触"), bench.sales, 1));
    assert_eq!(deal.state.next_action().unwrap().next_action, "電話する");
    let events = bench.act(|tx| history(tx, deal.id)).unwrap();
    assert_eq!((events[0].kind, events[0].from_stage_id), (DealEventKind::Opened, None));
    assert_eq!((events[0].to_stage_id, events[0].person()), (deal.stage_id, Some(bench.sales)));
}

#[test]
fn no_statement_leaves_an_open_deal_without_a_next_action() {
    let bench = Bench::new();
    bench.open("名刺");
    let emptied = diesel::sql_query("UPDATE deals SET next_action = NULL, next_action_on = NULL")
        .execute(&mut bench.db.owner())
        .map_err(DbError::from)
        .unwrap_err();
    assert!(emptied.violates("deals_next_action"));
}

#[test]
fn people_and_companies_this_town_does_not_have_are_wrong_choices() {
    let bench = Bench::new();
    let (_, theirs) = bench.another_client("別の会社");
    let field_of = |input: DealInput| {
        let refused = bench.act(|tx| open(tx, input)).unwrap_err();
        assert_eq!(refused.code(), Code::Invalid);
        (refused.fields()[0].field.clone(), refused.fields()[0].code)
    };
    let nobody = || "999999".into();
    let (unnamed, input) = (|| "".into(), || bench.input("名刺"));
    let company = field_of(DealInput { company_id: nobody(), contact_id: unnamed(), ..input() });
    assert_eq!(company, ("company_id".into(), Code::UnknownChoice));
    for contact in [theirs, ContactId(999_999)] {
        let contact = field_of(DealInput { contact_id: contact.to_string().into(), ..input() });
        assert_eq!(contact, ("contact_id".into(), Code::UnknownChoice));
    }
    let owner = field_of(DealInput { owner_id: nobody(), ..input() });
    assert_eq!(owner, ("owner_id".into(), Code::UnknownChoice));
}

#[test]
fn a_correction_may_reach_into_the_past_and_is_revalued_in_the_history() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let input = DealInput {
        amount: "5000".into(),
        next_action_on: "2026-01-05".into(),
        expected_close_on: "2026-02-01".into(),
        owner_id: bench.colleague.to_string().into(),
        ..bench.input("名刺 1,000枚")
    };
    let corrected = bench.act(|tx| correct(tx, deal.id, 1, input.clone())).unwrap();
    assert_eq!((corrected.title.as_str(), corrected.owner_id), ("名刺 1,000枚", bench.colleague));
    assert_eq!(kinds(&bench, deal.id), [DealEventKind::Opened, DealEventKind::Revalued]);
    let stale = bench.act(|tx| correct(tx, deal.id, 1, input)).unwrap_err();
    assert_eq!(stale.code(), Code::Stale);
}

#[test]
fn a_quoted_deal_keeps_its_company() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let (company, _) = bench.another_client("別の会社");
    let moved =
        || DealInput {
            company_id: company.to_string().into(), contact_id: "".into(), ..bench.input("名刺")
        };
    let deal = bench.act(|tx| correct(tx, deal.id, 1, moved())).unwrap();
    assert_eq!(deal.company_id, company);
    bench.quote(deal.id, 10);
    let back = bench.act(|tx| correct(tx, deal.id, 3, bench.input("名刺"))).unwrap_err();
    assert_eq!((back.fields()[0].field.as_str(), back.fields()[0].code), ("company_id", Code::Conflict));
}

#[test]
fn a_quoted_deal_keeps_the_quotes_amount_until_another_version_stands() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    bench.quote(deal.id, 10);
    let worth = |amount: &str| DealInput { amount: amount.into(), ..bench.input("名刺 1,000枚") };
    let refused = bench.act(|tx| correct(tx, deal.id, 2, worth("1"))).unwrap_err();
    assert_eq!((refused.fields()[0].field.as_str(), refused.fields()[0].code), ("amount", Code::QuoteStands));
    assert_eq!(bench.deal(deal.id).amount, Yen(1950), "nothing was written");
    let corrected = bench.act(|tx| correct(tx, deal.id, 2, worth("1950"))).unwrap();
    assert_eq!(corrected.title, "名刺 1,000枚", "the rest is corrected as ever");
    bench.quote(deal.id, 20);
    assert_eq!(bench.deal(deal.id).amount, Yen(3900));
}

#[test]
fn a_card_moves_both_ways_and_every_move_is_remembered() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    bench.at("2026-11-23T05:00:00Z");
    let deal = bench.act(|tx| advance(tx, deal.id, 1, to(bench.stage("提案")))).unwrap();
    assert_eq!(deal.moved_at, crate::testing::instant("2026-11-23T05:00:00Z"));
    let input = AdvanceInput {
        next_action: "訪問".into(),
        next_action_on: "2026-11-27".into(),
        ..to(bench.stage("接触"))
    };
    let deal = bench.act(|tx| advance(tx, deal.id, 2, input)).unwrap();
    assert_eq!(deal.state.next_action().unwrap().next_action, "訪問");
    let events = bench.act(|tx| history(tx, deal.id)).unwrap();
    assert_eq!((events[0].from_stage_id, events[0].to_stage_id), (Some(bench.stage("提案")), deal.stage_id));
    let there = bench.act(|tx| advance(tx, deal.id, 3, to(bench.stage("接触")))).unwrap();
    assert_eq!(there, deal, "a move to its own stage is no move");
    let late =
        AdvanceInput {
            next_action_on: "2026-11-22".into(), next_action: "訪問".into(), ..to(deal.stage_id)
        };
    let late = bench.act(|tx| advance(tx, deal.id, 3, late)).unwrap_err();
    assert_eq!(late.fields()[0].code, Code::InThePast);
}

#[test]
fn a_closing_stage_points_to_its_own_form() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    for (name, kind) in [("受注", StageKind::Won), ("失注", StageKind::Lost)] {
        let refused = bench.act(|tx| advance(tx, deal.id, 1, to(bench.stage(name)))).unwrap_err();
        assert!(matches!(refused, DealError::ClosingStage(closing) if closing == kind));
        assert_eq!(refused.code(), Code::ClosingStage);
    }
    let nowhere = bench.act(|tx| advance(tx, deal.id, 1, to(BoardStageId(999_999)))).unwrap_err();
    assert_eq!(nowhere.fields()[0].code, Code::UnknownChoice);
}

#[test]
fn the_kind_decides_and_never_the_name() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let (won, lost) = (bench.stage("受注"), bench.stage("失注"));
    let named = |name: &str, probability: &str| stages::StageInput {
        name: name.into(),
        probability: probability.into(),
        idle_days: "14".into(),
        ..stages::StageInput::default()
    };
    bench.act(|tx| stages::change(tx, won, 1, &named("仮", "100"))).unwrap();
    bench.act(|tx| stages::change(tx, lost, 1, &named("受注", "0"))).unwrap();
    bench.quote(deal.id, 1);
    let deal = bench.act(|tx| win(tx, deal.id, 2, WinInput::default())).unwrap();
    assert_eq!(deal.stage_id, won);
}

#[test]
fn a_stage_names_every_field_it_misses() {
    let bench = Bench::new();
    let id = bench.stage("提案");
    let asking = stages::StageInput {
        name: "提案".into(),
        probability: "40".into(),
        idle_days: "14".into(),
        requires: ["amount", "contact", "expected_close", "quote"].map(Into::into).to_vec(),
        ..stages::StageInput::default()
    };
    bench.act(|tx| stages::change(tx, id, 1, &asking)).unwrap();
    let bare = DealInput { contact_id: "".into(), ..bench.input("名刺") };
    let deal = bench.act(|tx| open(tx, bare)).unwrap();
    let refused = bench.act(|tx| advance(tx, deal.id, 1, to(id))).unwrap_err();
    let fields: Vec<_> = refused.fields().iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(refused.code(), Code::StageRequirement);
    assert_eq!(fields, ["amount", "contact_id", "expected_close_on", "quote"]);
    let full = DealInput { expected_close_on: "2026-12-25".into(), ..bench.input("名刺") };
    bench.act(|tx| correct(tx, deal.id, 1, full)).unwrap();
    bench.quote(deal.id, 10);
    assert!(bench.act(|tx| advance(tx, deal.id, 3, to(id))).is_ok());
}

#[test]
fn winning_accepts_the_quote_and_tells_whoever_delivers() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    bench.quote(deal.id, 1);
    let quote = bench.quote(deal.id, 10);
    let deal = bench.act(|tx| win(tx, deal.id, 3, WinInput::default())).unwrap();
    assert_eq!((deal.amount, deal.stage_id), (Yen(1950), bench.stage("受注")), "the quote's subtotal counts");
    assert!(matches!(deal.state, DealState::Won { won_at } if won_at == deal.moved_at));
    let quote = bench.act(|tx| quotes::find(tx, quote.id)).unwrap();
    assert_eq!(quote.state.status(), quotes::QuoteStatus::Accepted);
    let told = bench.told::<DealWon>();
    let stored = serde_json::json!([{
        "deal": deal.id,
        "quote": quote.id,
        "title": "名刺",
        "company": bench.company,
        "contact": bench.contact,
        "language": "en",
        "lines": [{
            "description": "名刺1枚の入力", "quantity": 10, "unit_price": 195, "unit_minutes": 3, "tax_rate": 10,
        }],
        "amount": 1950,
        "due_on": "2027-12-31",
        "client_terms": "月末締め翌月末払い",
        "won_by": bench.sales,
        "order_number": "",
        "client_note": "",
        "repeats": null,
    }]);
    let before = serde_json::json!({
        "deal": 1, "quote": 1, "title": "a", "company": 1, "contact": null, "language": "ja", "lines": [],
        "amount": 0, "due_on": "2027-12-31", "client_terms": "", "won_by": 1,
    });
    let read: DealWon = serde_json::from_value(before).expect("what was told before is still understood");
    assert_eq!(read.order_number, "");
    assert_eq!(serde_json::to_value(told).unwrap(), stored, "field names are stored for good");
}

#[test]
fn an_expired_quote_wins_only_when_that_is_confirmed() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let quote = quotes::QuoteInput { valid_until: "2026-11-30".into(), ..quote_of(&[(10, 195)]) };
    bench.issue(deal.id, quote).unwrap();
    // The last moment of its day in Japan, and the first of the next.
    bench.at("2026-11-30T14:59:59Z");
    let other = bench.won("名刺", 1);
    assert!(matches!(other.state, DealState::Won { .. }));
    bench.at("2026-11-30T15:00:00Z");
    let refused = bench.act(|tx| win(tx, deal.id, 2, WinInput::default())).unwrap_err();
    assert_eq!((refused.code(), bench.deal(deal.id).state.status()), (Code::QuoteExpired, DealStatus::Open));
    let confirmed = WinInput { confirm_expired: "on".into() };
    let won = bench.act(|tx| win(tx, deal.id, 2, confirmed)).unwrap();
    assert_eq!((won.state.status(), won.amount), (DealStatus::Won, Yen(1950)));
}

#[test]
fn without_a_standing_quote_nothing_is_won() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    assert_eq!(
        bench.act(|tx| win(tx, deal.id, 1, WinInput::default())).unwrap_err().code(),
        Code::QuoteMissing
    );
    assert_eq!(bench.deal(deal.id), deal);
    assert_eq!(bench.told::<DealWon>(), []);
}

#[test]
fn a_won_stage_may_ask_for_more_than_a_quote() {
    let bench = Bench::new();
    let asking = stages::StageInput {
        name: "受注".into(),
        probability: "100".into(),
        idle_days: "14".into(),
        requires: vec!["expected_close".into()],
        ..stages::StageInput::default()
    };
    bench.act(|tx| stages::change(tx, bench.stage("受注"), 1, &asking)).unwrap();
    let deal = bench.open("名刺");
    bench.quote(deal.id, 1);
    assert_eq!(
        bench.act(|tx| win(tx, deal.id, 2, WinInput::default())).unwrap_err().code(),
        Code::StageRequirement
    );
}

#[test]
fn of_two_who_win_at_once_one_is_stale_and_one_order_is_told() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    bench.quote(deal.id, 10);
    let outcomes: Vec<_> = thread::scope(|threads| {
        let winners: Vec<_> = (0..4)
            .map(|_| {
                threads.spawn(|| {
                    bench.act(|tx| win(tx, deal.id, 2, WinInput::default())).map_err(|error| error.code())
                })
            })
            .collect();
        winners.into_iter().map(|winner| winner.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(|code| *code == Code::Stale));
    assert_eq!(bench.told::<DealWon>().len(), 1);
}

#[test]
fn a_lost_deal_says_why_and_returns_to_where_it_was_lost() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    bench.act(|tx| advance(tx, deal.id, 1, to(bench.stage("ヒアリング")))).unwrap();
    let lost = bench.act(|tx| lose(tx, deal.id, 2, lost_for("price"))).unwrap();
    assert_eq!(lost.stage_id, bench.stage("失注"));
    let DealState::Lost { loss, .. } = &lost.state else { panic!("{lost:?}") };
    assert_eq!((loss.lost_reason, loss.lost_note.as_str()), (LostReason::Price, "予算がつかなかった"));
    let back = bench.act(|tx| reopen(tx, deal.id, 3, again())).unwrap();
    assert_eq!(back.stage_id, bench.stage("ヒアリング"));
    assert_eq!(back.state.next_action().unwrap().next_action, "再訪");
    let expected =
        [DealEventKind::Opened, DealEventKind::Moved, DealEventKind::Lost, DealEventKind::Reopened];
    assert_eq!(kinds(&bench, deal.id), expected);
    let told: Vec<_> = bench.act(|tx| history(tx, deal.id)).unwrap();
    let why = told.iter().map(|event| (event.lost_reason, event.note.as_str())).nth(1);
    assert_eq!(why, Some((Some(LostReason::Price), "予算がつかなかった")), "what was said of a loss stays");
}

#[test]
fn a_sleeping_deal_keeps_its_stage_and_wakes_with_a_next_action() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let asleep = bench.act(|tx| sleep(tx, deal.id, 1)).unwrap();
    assert_eq!((asleep.stage_id, asleep.state.status()), (deal.stage_id, DealStatus::Dormant));
    let refused = bench.act(|tx| lose(tx, deal.id, 2, lost_for("timing"))).unwrap_err();
    assert_eq!(refused.code(), Code::DealNotOpen);
    let nothing_next = bench.act(|tx| reopen(tx, deal.id, 2, ReopenInput::default())).unwrap_err();
    assert_eq!(nothing_next.fields()[0].code, Code::NextActionMissing);
    let awake = bench.act(|tx| reopen(tx, deal.id, 2, again())).unwrap();
    assert_eq!((awake.stage_id, awake.state.status()), (deal.stage_id, DealStatus::Open));
}

#[test]
fn a_won_deal_takes_no_further_step() {
    let bench = Bench::new();
    let deal = bench.won("名刺", 10);
    let version = deal.version;
    assert_eq!(bench.act(|tx| reopen(tx, deal.id, version, again())).unwrap_err().code(), Code::Conflict);
    assert_eq!(bench.act(|tx| sleep(tx, deal.id, version)).unwrap_err().code(), Code::DealNotOpen);
    let moved = bench.act(|tx| advance(tx, deal.id, version, to(bench.stage("接触")))).unwrap_err();
    assert_eq!(moved.code(), Code::DealNotOpen);
    let input = bench.input("別");
    assert_eq!(bench.act(|tx| correct(tx, deal.id, version, input)).unwrap_err().code(), Code::DealNotOpen);
}

/// Says that nothing was ordered yet.
#[expect(clippy::unnecessary_wraps, reason = "whoever withdraws an order may refuse to")]
fn nothing_ordered(_tx: &mut Tx<'_>, _deal: DealId, _reason: &str) -> Result<(), DealError> {
    Ok(())
}

fn because(reason: &str) -> ReopenInput {
    ReopenInput { reason: reason.into(), ..again() }
}

#[test]
fn a_won_deal_is_opened_again_with_its_reason_and_can_be_won_once_more() {
    let bench = Bench::new();
    let won = bench.won("名刺", 10);
    let before = bench.act(|tx| won_total(tx, FiscalYear(2026))).unwrap();
    assert_eq!((before.count, before.amount), (1, won.amount));
    let unsaid = bench.act(|tx| reopen_won(tx, won.id, won.version, again(), nothing_ordered)).unwrap_err();
    assert_eq!((unsaid.fields()[0].field.as_str(), unsaid.fields()[0].code), ("reason", Code::Required));
    let stale = bench.act(|tx| reopen_won(tx, won.id, 1, because("まちがい"), nothing_ordered)).unwrap_err();
    assert_eq!(stale.code(), Code::Stale);
    let back =
        bench.act(|tx| reopen_won(tx, won.id, won.version, because("まちがい"), nothing_ordered)).unwrap();
    assert_eq!((back.stage_id, back.amount), (bench.stage("接触"), won.amount));
    assert_eq!(back.state.next_action().unwrap().next_action, "再訪");
    let last = bench.act(|tx| history(tx, won.id)).unwrap().remove(0);
    assert_eq!((last.kind, last.note.as_str()), (DealEventKind::Reopened, "まちがい"));
    assert_eq!(bench.act(|tx| won_total(tx, FiscalYear(2026))).unwrap().count, 0);
    let told = bench.told::<DealReopened>();
    assert_eq!((told.len(), told[0].reason.as_str(), told[0].amount), (1, "まちがい", won.amount));
    let quote = bench.act(|tx| quotes::standing(tx, won.id)).unwrap().unwrap();
    assert_eq!(quote.state.status(), quotes::QuoteStatus::Issued, "it stands as it did before");
    assert!(!bench.act(|tx| stands_won(tx, won.id, quote.id)).unwrap());
    let twice = bench.act(|tx| win(tx, won.id, back.version, WinInput::default())).unwrap();
    assert_eq!((twice.state.status(), twice.amount), (DealStatus::Won, won.amount));
    assert!(bench.act(|tx| stands_won(tx, won.id, quote.id)).unwrap());
}

#[test]
fn a_won_deal_whose_order_is_not_taken_back_stays_won() {
    let bench = Bench::new();
    let won = bench.won("名刺", 10);
    let refused = bench.act(|tx| {
        reopen_won(tx, won.id, won.version, because("まちがい"), |_tx, _deal, _reason| {
            Err(DealError::NotOpen(DealStatus::Won))
        })
    });
    assert_eq!(refused.unwrap_err().code(), Code::DealNotOpen);
    assert_eq!(bench.deal(won.id), won);
    assert_eq!(kinds(&bench, won.id).last(), Some(&DealEventKind::Won));
}

#[test]
fn a_colleague_who_is_given_a_deal_hears_of_it_and_nobody_hears_of_their_own() {
    let bench = Bench::new();
    let own = bench.open("自分の");
    let to_colleague = DealInput { owner_id: bench.colleague.to_string().into(), ..DealInput::from(&own) };
    let given = bench.act(|tx| correct(tx, own.id, 1, to_colleague.clone())).unwrap();
    let back = DealInput { owner_id: bench.sales.to_string().into(), ..DealInput::from(&given) };
    let taken = bench.act(|tx| correct(tx, own.id, given.version, back)).unwrap();
    bench.act(|tx| correct_quietly(tx, own.id, taken.version, to_colleague)).unwrap();
    let opened = DealInput { owner_id: bench.colleague.to_string().into(), ..bench.input("同僚の") };
    let opened = bench.act(|tx| open(tx, opened)).unwrap();
    let told: Vec<_> = bench.told::<Assigned>().iter().map(|one| (one.deal, one.person)).collect();
    assert_eq!(told, [(Some(own.id), bench.colleague), (Some(opened.id), bench.colleague)]);
}

#[test]
fn history_cannot_be_rewritten() {
    let bench = Bench::new();
    bench.open("名刺");
    for tampering in ["UPDATE deal_events SET amount = 1", "DELETE FROM deal_events"] {
        let refused: Result<usize, DbError> =
            bench.act(|tx| Ok(diesel::sql_query(tampering).execute(tx.conn())?));
        assert!(refused.is_err(), "{tampering}");
    }
}

#[test]
fn another_towns_deal_is_not_there() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let there = bench.db.town("shiojiri");
    let elsewhere = bench.db.acting(there, bench.sales, |tx| sleep(tx, deal.id, 1)).unwrap_err();
    assert_eq!(elsewhere.code(), Code::NotFound);
    let empty = bench.db.acting(there, bench.sales, |tx| board(tx, bench.pipeline(), 10)).unwrap();
    assert!(empty.is_empty());
    let input = bench.input("名刺");
    let no_stage = bench.db.acting(there, bench.sales, |tx| open(tx, input)).unwrap_err();
    assert_ne!(no_stage.code(), Code::Internal);
}

#[test]
fn a_deal_that_is_changed_while_its_import_is_taken_back_stays() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let gone = thread::scope(|threads| {
        let taking = bench
            .act(|tx| -> Result<_, DealError> {
                let on = "2026-11-30".parse().unwrap();
                plan(tx, deal.id, 1, NextAction { next_action: "訪問".into(), next_action_on: on })?;
                let take_back = || bench.act(|tx| take_back(tx, &[deal.id])).unwrap();
                Ok(bench.db.meanwhile(threads, take_back))
            })
            .unwrap();
        taking.join().unwrap()
    });
    assert_eq!(gone, []);
    assert_eq!(bench.deal(deal.id).version, 2);
}

#[test]
fn deals_that_go_along_with_a_merge_are_news_for_forms_and_boards() {
    let bench = Bench::new();
    let (other, person) = bench.another_client("別の会社");
    let deal = bench.open("名刺");
    bench.at("2026-11-23T05:00:00Z");
    let since = crate::testing::instant("2026-11-22T06:00:00Z");
    let changed = |version: i32| {
        let seen = bench.act(|tx| changed_since(tx, since)).unwrap();
        assert_eq!(seen.iter().map(|change| change.deal).collect::<Vec<_>>(), [deal.id]);
        assert_eq!(bench.deal(deal.id).version, version);
        let old = bench.act(|tx| correct(tx, deal.id, version - 1, bench.input("名刺"))).unwrap_err();
        assert_eq!(old.code(), Code::Stale, "a form from before the merge does not move it back");
    };
    assert_eq!(bench.act(|tx| move_company(tx, bench.company, other, None)).unwrap(), [deal.id.0]);
    changed(2);
    assert_eq!(bench.act(|tx| move_contact(tx, bench.contact, person, None)).unwrap(), [deal.id.0]);
    changed(3);
}

#[test]
fn only_a_colleague_who_sells_looks_after_a_deal() {
    let bench = Bench::new();
    let worker = bench.db.person(bench.town, "Yamada", &["worker"]);
    let theirs = |owner: PersonId| DealInput { owner_id: owner.to_string().into(), ..bench.input("名刺") };
    let opened = bench.act(|tx| open(tx, theirs(worker))).unwrap_err();
    assert_eq!(
        (opened.fields()[0].field.as_str(), opened.fields()[0].code),
        ("owner_id", Code::UnknownChoice)
    );
    let deal = bench.act(|tx| open(tx, theirs(bench.colleague))).unwrap();
    let given = bench.act(|tx| correct(tx, deal.id, deal.version, theirs(worker))).unwrap_err();
    assert_eq!(given.fields()[0].field, "owner_id");
    bench.act(|tx| accounts::persons::disable(tx, bench.colleague)).unwrap();
    let kept = DealInput { title: "名刺の入力".into(), ..theirs(bench.colleague) };
    let kept = bench.act(|tx| correct(tx, deal.id, deal.version, kept)).unwrap();
    assert_eq!(kept.owner_id, bench.colleague, "who looked after it before stays until somebody takes over");
    let again = bench.act(|tx| open(tx, theirs(bench.colleague))).unwrap_err();
    assert_eq!(again.fields()[0].field, "owner_id");
}
