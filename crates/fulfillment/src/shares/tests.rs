//! Two towns and a third, against a real database and real tasks.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kernel::{Bound, Code, Coded, Language, Paging, Yen};

use super::testing::Towns;
use super::*;
use crate::events::{ShareHeard, ShareNews};
use crate::invoices::{self, BillInput};
use crate::jobs::last_pay_day_re_entrusted;
use crate::orders::{CloseShortInput, ReEntrusted};
use crate::partners::{self, Standing};
use crate::terms;
use crate::testing::{Town, called_off};

fn declined(reason: &str) -> DeclineShareInput {
    DeclineShareInput { reason: reason.into() }
}

/// The fields an offer is refused for.
fn refused(towns: &Towns, order: OrderId, change: impl FnOnce(&mut ShareInput)) -> Vec<String> {
    let mut input = towns.input(1);
    change(&mut input);
    let here = &towns.here;
    let error = here.attempt(here.director, |tx| offer(tx, order, &input)).unwrap_err();
    error.fields().iter().map(|problem| format!("{} {}", problem.field, problem.code.as_str())).collect()
}

#[test]
fn what_is_taken_is_one_re_entrusted_order() {
    let towns = Towns::partners();
    let (out, offered) = towns.offers(towns.here.order(1000).id, 4);
    assert_eq!(offered.document, out.document, "both read the same");
    assert_eq!((offered.state, offered.order_id, offered.deal_id), (ShareState::Offered, None, None));
    assert_eq!(offered.document.end_client, "", "nobody said that the client may be named");
    let order = towns.takes(&offered);
    let pays = towns.here.day(50);
    let expected = ReEntrusted { original_client: "立科町".into(), original_pay_on: Some(pays) };
    assert_eq!(order.re_entrusted, Some(expected));
    let (there, here) =
        (towns.newest(&towns.there, ShareSide::In), towns.newest(&towns.here, ShareSide::Out));
    assert_eq!((there.state, there.order_id), (ShareState::Accepted, Some(order.id)));
    assert_eq!((here.state, here.answered_at), (ShareState::Accepted, there.answered_at));
    let told: Vec<ShareNews> = towns.here.facts::<ShareHeard>().iter().map(|one| one.news).collect();
    assert_eq!(told, [ShareNews::Offered, ShareNews::Accepted]);
}

#[test]
fn whoever_does_it_there_reads_by_whom_it_is_re_entrusted_and_is_paid_within_thirty_days() {
    let towns = Towns::partners();
    let there = &towns.there;
    let (_, offered) = towns.offers(towns.here.order(1000).id, 4);
    let order = towns.takes(&offered);
    there.act(there.director, |tx| orders::start(tx, order.id));
    let (aoki, worker) = there.worker("Aoki");
    let job = there.job(order.id, 4);
    let last = last_pay_day_re_entrusted(towns.here.day(50));
    assert!(job.fixed_pay_on.is_some_and(|on| on <= last), "{:?} after {last}", job.fixed_pay_on);
    let notice = there.act(aoki, |tx| terms::preview(tx, job.id, worker, 1, Language::Ja));
    for item in ["再委託", "立科町", "元委託業務の対価の支払期日"] {
        assert!(notice.body.contains(item), "{item}: {}", notice.body);
    }
}

#[test]
fn what_is_delivered_there_is_seen_here_and_nothing_else_crosses() {
    let towns = Towns::partners();
    let (here, there) = (&towns.here, &towns.there);
    let (_, offered) = towns.offers(here.order(1000).id, 3);
    let order = towns.takes(&offered);
    there.act(there.director, |tx| orders::start(tx, order.id));
    let (aoki, _) = there.worker("Aoki");
    let job = there.job(order.id, 3).id;
    let units = there.finishes(aoki, job, 3);
    let (_, link) = there.delivers(order.id, &units[..2]);
    towns.crosses();
    let seen = towns.newest(here, ShareSide::Out);
    assert_eq!((seen.state, seen.delivered, seen.accepted), (ShareState::Accepted, 2, 0));
    let code = there.code(&link);
    there.answers(&link, &code, &[(units[0], "accepted", ""), (units[1], "accepted", "")]).unwrap();
    let (_, link) = there.delivers(order.id, &units[2..]);
    let code = there.code(&link);
    there.answers(&link, &code, &[(units[2], "accepted", "")]).unwrap();
    towns.crosses();
    let seen = towns.newest(here, ShareSide::Out);
    assert_eq!((seen.state, seen.delivered, seen.accepted), (ShareState::Finished, 3, 3));
    let told: Vec<ShareNews> = here.facts::<ShareHeard>().iter().map(|one| one.news).collect();
    assert_eq!(told[..3], [ShareNews::Offered, ShareNews::Accepted, ShareNews::Delivered]);
    assert_eq!(told.last(), Some(&ShareNews::Finished));
    let heard = serde_json::to_string(&here.facts::<ShareHeard>()).unwrap();
    assert!(!heard.contains("Aoki"), "{heard}");
}

#[test]
fn what_was_entrusted_is_asked_for_by_the_day_that_was_agreed() {
    let towns = Towns::partners();
    let there = &towns.there;
    let (_, offered) = towns.offers(towns.here.order(1000).id, 2);
    let order = towns.takes(&offered);
    there.act(there.director, |tx| orders::start(tx, order.id));
    let (aoki, _) = there.worker("Aoki");
    let job = there.job(order.id, 2).id;
    let units = there.finishes(aoki, job, 2);
    there.accepted(order.id, &units[..1]);
    let asks = || {
        let closed_on = there.day(0).to_string().into();
        let input = BillInput { company_id: order.company_id.to_string().into(), closed_on };
        there.act(there.director, |tx| invoices::bill(tx, &input)).due_on
    };
    // No terms were agreed: by those it would be the end of June.
    assert_eq!(asks(), offered.document.pay_on);
    there.accepted(order.id, &units[1..]);
    there.wait(chrono::Duration::days(60));
    assert_eq!(asks(), there.day(0), "the day is over: at once");
}

#[test]
fn a_third_town_sees_nothing_and_neither_side_writes_the_others_row() {
    let towns = Towns::partners();
    let (out, offered) = towns.offers(towns.here.order(1000).id, 4);
    let other = &towns.elsewhere;
    for side in [ShareSide::In, ShareSide::Out] {
        assert!(towns.shares(other, side).is_empty());
    }
    let known = other.act(other.director, |tx| partners::list(tx, &Paging::first(10)));
    assert!(known.items.is_empty());
    for id in [out.id, offered.id] {
        let error = other.attempt(other.director, |tx| decline(tx, id, &declined("いいえ"))).unwrap_err();
        assert_eq!(error.code(), Code::NotFound);
    }
    let here = &towns.here;
    let error = here.attempt(here.director, |tx| decline(tx, offered.id, &declined("いいえ"))).unwrap_err();
    assert_eq!(error.code(), Code::NotFound, "nobody answers for the other");
    let error = here.attempt(here.director, |tx| accept(tx, out.id, DealId(1))).unwrap_err();
    assert_eq!(error.code(), Code::NotFound, "nor takes their own");
}

#[test]
fn nobody_changes_a_document() {
    let towns = Towns::partners();
    towns.offers(towns.here.order(1000).id, 4);
    let mut app = PgConnection::establish(&towns.here.db.url(db::private_postgres::Role::App)).unwrap();
    for column in ["title = 'x'", "unit_price = 1", "quantity = 1", "pay_on = current_date", "orderer = 'x'"]
    {
        let sql = format!(
            "BEGIN; SELECT set_config('yui.org', '{}', true); UPDATE shares SET {column}",
            towns.here.id
        );
        let refused = app.batch_execute(&sql).unwrap_err().to_string();
        assert!(refused.contains("permission denied"), "{column}: {refused}");
        app.batch_execute("ROLLBACK").unwrap();
    }
}

#[test]
fn no_more_is_shared_than_was_ordered() {
    let towns = Towns::partners();
    let here = &towns.here;
    let order = here.order(1000).id;
    assert_eq!(refused(&towns, order, |input| input.quantity = "11".into()), ["quantity out-of-range"]);
    let (out, offered) = towns.offers(order, 6);
    let waits = || [here, &towns.there].map(|town| town.act(town.director, count_waiting));
    assert_eq!(waits(), [0, 1]);
    assert_eq!(here.act(here.director, |tx| left(tx, order)), 4);
    assert_eq!(refused(&towns, order, |input| input.quantity = "5".into()), ["quantity out-of-range"]);
    towns.there.act(towns.there.director, |tx| decline(tx, offered.id, &declined("手がいっぱいです")));
    towns.crosses();
    assert_eq!(waits(), [0, 0]);
    let seen = here.act(here.director, |tx| find(tx, out.id));
    assert_eq!((seen.state, seen.reason.as_str()), (ShareState::Declined, "手がいっぱいです"));
    assert_eq!(here.act(here.director, |tx| left(tx, order)), 10, "what was declined may be shared again");
    here.job(order, 7);
    assert_eq!(here.act(here.director, |tx| left(tx, order)), 3, "what is in units is somebody's already");
    assert_eq!(refused(&towns, order, |input| input.quantity = "4".into()), ["quantity out-of-range"]);
}

#[test]
fn what_a_partner_has_is_not_left_to_be_split_until_it_was_accepted_from_there() {
    let towns = Towns::partners();
    let (here, there) = (&towns.here, &towns.there);
    let order = here.order(1000);
    let stands = || {
        let status = here.act(here.director, |tx| orders::status(tx, order.clone()));
        (status.pieces.with_partners, status.pieces.left(), status.hours.to_do_minutes)
    };
    assert_eq!(stands(), (0, 10, 200));
    let (out, offered) = towns.offers(order.id, 4);
    assert_eq!(stands(), (4, 6, 120), "what is before a partner is not split here meanwhile");
    let taken = towns.takes(&offered);
    there.act(there.director, |tx| orders::start(tx, taken.id));
    let (aoki, _) = there.worker("Aoki");
    let job = there.job(taken.id, 4).id;
    let units = there.finishes(aoki, job, 4);
    let (_, link) = there.delivers(taken.id, &units[..3]);
    let code = there.code(&link);
    let accepted: Vec<_> = units[..3].iter().map(|unit| (*unit, "accepted", "")).collect();
    there.answers(&link, &code, &accepted).unwrap();
    towns.crosses();
    assert_eq!(
        stands(),
        (1, 9, 120),
        "what came is passed on to the client from here, and nobody does it again"
    );
    assert_eq!(here.act(here.director, |tx| find(tx, out.id)).came(), 3);
    let (_, declined_one) = towns.offers(order.id, 2);
    there.act(there.director, |tx| decline(tx, declined_one.id, &declined("手がいっぱいです")));
    towns.crosses();
    assert_eq!(stands(), (1, 9, 120));
    here.job(order.id, 6);
    assert_eq!(stands(), (1, 3, 120), "what came is split last");
    let unsplit = here.act(here.director, crate::promises::town::Town::read).orders[0].unsplit_minutes;
    assert_eq!(unsplit, 0, "a promised day reckons as the order says");
}

#[test]
fn an_offer_is_whole_or_refused_at_its_fields() {
    let towns = Towns::partners();
    let here = &towns.here;
    let order = here.order(1000).id;
    let late = here.day(61).to_string();
    assert_eq!(refused(&towns, order, |input| input.due_on = late.as_str().into()), ["due_on too-late"]);
    let past = "2026-04-30";
    assert_eq!(refused(&towns, order, |input| input.due_on = past.into()), ["due_on in-the-past"]);
    assert_eq!(refused(&towns, order, |input| input.pay_on = "".into()), ["pay_on required"]);
    assert_eq!(
        refused(&towns, order, |input| input.partner_id = "999".into()),
        ["partner_id unknown-choice"]
    );
    let all = ["title", "work", "quantity", "unit_price", "unit_minutes", "due_on", "pay_on"];
    let empty = refused(&towns, order, |input| {
        *input = ShareInput { partner_id: input.partner_id.clone(), ..ShareInput::default() };
    });
    assert_eq!(empty, all.map(|field| format!("{field} required")));
    assert_eq!(refused(&towns, order, |input| input.unit_price = "0".into()), ["unit_price out-of-range"]);
    here.act(here.director, |tx| orders::cancel(tx, order, called_off("client", "0")));
    let error = here.attempt(here.director, |tx| offer(tx, order, &towns.input(1))).unwrap_err();
    assert!(matches!(error, ShareError::Over(OrderState::Cancelled)), "{error}");
}

#[test]
fn what_is_overdue_is_shared_for_today() {
    let towns = Towns::partners();
    let here = &towns.here;
    let order = here.order(1000).id;
    here.wait(chrono::Duration::days(62));
    let day = |days| here.day(days).to_string();
    assert_eq!(refused(&towns, order, |input| input.due_on = day(1).into()), ["due_on too-late"]);
    let input = ShareInput { due_on: day(0).into(), pay_on: day(30).into(), ..towns.input(1) };
    assert_eq!(here.act(here.director, |tx| offer(tx, order, &input)).document.due_on, here.day(0));
}

#[test]
fn the_clients_name_is_told_only_where_somebody_says_so() {
    let towns = Towns::partners();
    let here = &towns.here;
    let order = here.order(1000);
    let input = ShareInput { names_client: "yes".into(), ..towns.input(1) };
    let out = here.act(here.director, |tx| offer(tx, order.id, &input));
    let client = here.act(here.director, |tx| companies::find(tx, order.company_id)).name;
    assert_eq!(out.document.end_client, client);
}

#[test]
fn an_answer_is_given_once_and_a_refusal_says_why() {
    let towns = Towns::partners();
    let there = &towns.there;
    let order = towns.here.order(1000).id;
    let (_, offered) = towns.offers(order, 1);
    let error = there.attempt(there.director, |tx| decline(tx, offered.id, &declined(" "))).unwrap_err();
    assert_eq!(error.fields()[0].field, "reason");
    towns.takes(&offered);
    let twice = there.attempt(there.director, |tx| accept(tx, offered.id, DealId(77))).unwrap_err();
    assert!(matches!(twice, ShareError::Answered(ShareState::Accepted)), "{twice}");
    assert_eq!(twice.code(), Code::AlreadyAnswered);
    let late =
        there.attempt(there.director, |tx| decline(tx, offered.id, &declined("やめます"))).unwrap_err();
    assert_eq!(late.code(), Code::AlreadyAnswered);
}

#[test]
fn of_taking_and_taking_back_one_comes_true() {
    let towns = Towns::partners();
    let (here, there) = (&towns.here, &towns.there);
    let order = here.order(1000).id;
    // Asked back first, heard after it was taken.
    let (out, offered) = towns.offers(order, 2);
    here.act(here.director, |tx| withdraw(tx, out.id));
    towns.takes(&offered);
    let states =
        || [towns.newest(here, ShareSide::Out), towns.newest(there, ShareSide::In)].map(|one| one.state);
    assert_eq!(states(), [ShareState::Accepted; 2], "it was taken before it was known");
    // Asked back and heard.
    let (out, offered) = towns.offers(order, 2);
    let asked = here.act(here.director, |tx| withdraw(tx, out.id));
    let again = here.act(here.director, |tx| withdraw(tx, out.id));
    assert_eq!((asked.state, again.version), (ShareState::Offered, asked.version), "asked once");
    towns.crosses();
    assert_eq!(states(), [ShareState::Withdrawn; 2]);
    let late = there.attempt(there.director, |tx| accept(tx, offered.id, DealId(77))).unwrap_err();
    assert!(matches!(late, ShareError::Answered(ShareState::Withdrawn)), "{late}");
    let over = here.attempt(here.director, |tx| withdraw(tx, out.id)).unwrap_err();
    assert_eq!(over.code(), Code::AlreadyAnswered);
    // Taken back before it ever arrived.
    let input = towns.input(2);
    let out = here.act(here.director, |tx| offer(tx, order, &input));
    here.act(here.director, |tx| withdraw(tx, out.id));
    towns.crosses();
    assert_eq!(states(), [ShareState::Withdrawn; 2]);
    let told = here.facts::<ShareHeard>();
    let offers = told.iter().filter(|one| one.news == ShareNews::Offered).count();
    assert_eq!(offers, 2, "nobody is told of what was taken back before it came");
}

#[test]
fn what_nobody_answered_goes_back_when_a_partnership_or_the_order_ends() {
    let towns = Towns::partners();
    let (here, there) = (&towns.here, &towns.there);
    let order = here.order(1000).id;
    let (_, taken) = towns.offers(order, 2);
    towns.takes(&taken);
    let (_, open) = towns.offers(order, 2);
    let partner = towns.partner(there).id;
    there.act(there.director, |tx| partners::end(tx, partner));
    towns.crosses();
    let states: Vec<ShareState> = towns.shares(here, ShareSide::Out).iter().map(|one| one.state).collect();
    assert_eq!(states, [ShareState::Withdrawn, ShareState::Accepted], "what was taken goes on");
    assert_eq!(towns.partner(here).standing, Standing::Ended);
    let input = towns.input(1);
    let error = here.attempt(here.director, |tx| offer(tx, order, &input)).unwrap_err();
    assert_eq!(error.code(), Code::NotOpen);
    let late = there.attempt(there.director, |tx| accept(tx, open.id, DealId(77))).unwrap_err();
    assert_eq!(late.code(), Code::AlreadyAnswered);
}

#[test]
fn an_offer_on_its_way_while_the_partnership_ends_arrives_withdrawn() {
    let towns = Towns::partners();
    let (here, there) = (&towns.here, &towns.there);
    let order = here.order(1000).id;
    let input = towns.input(2);
    let partner = towns.partner(there).id;
    here.act(here.director, |tx| offer(tx, order, &input));
    there.act(there.director, |tx| partners::end(tx, partner));
    towns.crosses();
    assert_eq!(towns.newest(here, ShareSide::Out).state, ShareState::Withdrawn);
    assert_eq!(towns.newest(there, ShareSide::In).state, ShareState::Withdrawn);
}

#[test]
fn an_offer_goes_back_with_its_order() {
    let towns = Towns::partners();
    let here = &towns.here;
    let order = here.order(1000).id;
    towns.offers(order, 2);
    here.act(here.director, |tx| orders::cancel(tx, order, called_off("client", "0")));
    towns.crosses();
    assert_eq!(towns.newest(&towns.there, ShareSide::In).state, ShareState::Withdrawn);
}

#[test]
fn what_came_and_went_is_the_sum_of_its_shares_on_both_sides() {
    let towns = Towns::partners();
    let (here, there) = (&towns.here, &towns.there);
    let whole = here.order(1000).id;
    let (_, offered) = towns.offers(whole, 3);
    let order = towns.takes(&offered);
    let (_, second) = towns.offers(whole, 2);
    let second = towns.takes(&second);
    towns.offers(whole, 1);
    there.act(there.director, |tx| orders::start(tx, order.id));
    let (aoki, _) = there.worker("Aoki");
    let job = there.job(order.id, 2).id;
    let units = there.finishes(aoki, job, 2);
    let (_, link) = there.delivers(order.id, &units);
    let code = there.code(&link);
    there.answers(&link, &code, &[(units[0], "accepted", ""), (units[1], "accepted", "")]).unwrap();
    let amounts = |town: &Town| {
        let all = town.act(town.director, |tx| {
            let year = organizations::fiscal_year(tx)?;
            let days = organizations::days_of_year(tx, year)?;
            amounts(tx, days)
        });
        assert_eq!(all.len(), 1);
        [all[0].agreed_in, all[0].accepted_in, all[0].agreed_out, all[0].accepted_out].map(|yen: Yen| yen.0)
    };
    towns.crosses();
    assert_eq!(amounts(here), [0, 0, 5 * 80, 2 * 80]);
    assert_eq!(amounts(there), [5 * 80, 2 * 80, 0, 0]);
    there.act(there.director, |tx| orders::cancel(tx, second.id, called_off("client", "0")));
    let short = CloseShortInput { reason: "残りは取り下げ".into() };
    there.act(there.director, |tx| orders::close_short(tx, order.id, short));
    towns.crosses();
    let states: Vec<ShareState> = towns.shares(here, ShareSide::Out).iter().map(|one| one.state).collect();
    assert_eq!(states, [ShareState::Offered, ShareState::Cancelled, ShareState::Finished]);
    assert_eq!(amounts(here), [0, 0, 3 * 80, 2 * 80], "what was called off is not agreed any more");
    assert_eq!(amounts(there), [3 * 80, 2 * 80, 0, 0]);
    assert_eq!(here.act(here.director, |tx| left(tx, whole)), 10 - 3 - 1);
    let owed = || [here, there].map(|town| town.act(town.director, to_pay));
    assert_eq!(
        owed(),
        [Yen(2 * 88), Yen::ZERO],
        "one is before the partner, one was called off, one ended short"
    );
    here.wait(chrono::Duration::days(51));
    assert_eq!(owed(), [Yen(2 * 88), Yen::ZERO], "its day is over, and nothing was paid");
    let ended = towns.shares(here, ShareSide::Out).pop().unwrap();
    let whole = pays(here, ended.id, "100", "").unwrap();
    assert_eq!((whole.owed, whole.open), (Yen(176), Yen(76)));
    assert_eq!(owed(), [Yen(76), Yen::ZERO]);
    assert_eq!([here, there].map(paid_out), [Yen(100), Yen::ZERO]);
    pays(here, ended.id, "76", "").unwrap();
    assert_eq!(owed(), [Yen::ZERO; 2]);
}

/// What a town paid for what was agreed within this fiscal year.
fn paid_out(town: &Town) -> Yen {
    let all = town.act(town.director, |tx| {
        let year = organizations::fiscal_year(tx)?;
        let days = organizations::days_of_year(tx, year)?;
        amounts(tx, days)
    });
    all.iter().map(|one| one.paid_out).sum()
}

fn pays(town: &Town, id: ShareId, amount: &str, note: &str) -> Result<WholeShare, ShareError> {
    let input =
        SharePaymentInput { amount: amount.into(), note: note.into(), ..SharePaymentInput::default() };
    town.attempt(town.director, |tx| pay(tx, id, &input))
}

#[test]
fn what_is_paid_for_a_share_is_written_down_and_taken_back_with_a_reason() {
    let towns = Towns::partners();
    let (here, there) = (&towns.here, &towns.there);
    let (out, offered) = towns.offers(here.order(1000).id, 4);
    let early = pays(here, out.id, "1", "").unwrap_err();
    assert!(matches!(early, ShareError::NotTaken(ShareState::Offered)), "{early}");
    towns.takes(&offered);
    let refused = |amount: &str, note: &str| {
        let error = pays(here, out.id, amount, note).unwrap_err();
        error.fields().iter().map(|one| (one.field.clone(), one.code, one.bound)).collect::<Vec<_>>()
    };
    let out_of_range = |bound| vec![("amount".to_owned(), Code::OutOfRange, Some(bound))];
    assert_eq!(refused("353", ""), out_of_range(Bound::Number(352)), "four pieces of 80 yen, and tax");
    assert_eq!(refused("-1", "まちがい"), out_of_range(Bound::Least(1)), "nothing was paid yet");
    let first = pays(here, out.id, "200", "").unwrap();
    assert_eq!((first.owed, first.share.paid, first.open), (Yen(352), Yen(200), Yen(152)));
    assert_eq!(refused("153", ""), out_of_range(Bound::Number(152)));
    assert_eq!(refused("-201", "まちがい"), out_of_range(Bound::Least(-200)));
    assert_eq!(refused("-200", " "), [("note".to_owned(), Code::Required, None)]);
    let back = pays(here, out.id, "-200", "別の提携先への支払いでした").unwrap();
    assert_eq!((back.share.paid, back.open), (Yen::ZERO, Yen(352)));
    let whole = pays(here, out.id, "352", "振込").unwrap();
    let rows: Vec<(i64, &str)> = whole.payments.iter().map(|one| (one.amount.0, &*one.note)).collect();
    assert_eq!(rows, [(200, ""), (-200, "別の提携先への支払いでした"), (352, "振込")]);
    assert_eq!((whole.open, here.act(here.director, to_pay)), (Yen::ZERO, Yen::ZERO));
    assert_eq!(towns.newest(here, ShareSide::Out).paid, Yen(352), "lists say it too");
    let theirs = pays(there, offered.id, "1", "").unwrap_err();
    assert_eq!(theirs.code(), Code::NotFound, "whoever does the work pays nothing for it");
    assert!(there.act(there.director, |tx| super::whole(tx, offered.id)).payments.is_empty());
}

#[test]
fn a_share_that_was_asked_for_in_parts_is_paid_though_each_rounded_its_tax_down() {
    let towns = Towns::partners();
    let here = &towns.here;
    let order = here.order(1000).id;
    let input = ShareInput { unit_price: "7".into(), ..towns.input(3) };
    let out = here.act(here.director, |tx| offer(tx, order, &input));
    towns.crosses();
    towns.takes(&towns.newest(&towns.there, ShareSide::In));
    // 21 yen and 2 of tax; of one piece there is none, and of two 1.
    assert_eq!(pays(here, out.id, "7", "").unwrap().open, Yen(16));
    assert_eq!(pays(here, out.id, "15", "").unwrap().open, Yen::ZERO);
    assert_eq!(here.act(here.director, to_pay), Yen::ZERO);
}

#[test]
fn nobody_changes_what_was_paid() {
    let towns = Towns::partners();
    let here = &towns.here;
    let (out, offered) = towns.offers(here.order(1000).id, 4);
    towns.takes(&offered);
    pays(here, out.id, "200", "").unwrap();
    let mut app = PgConnection::establish(&here.db.url(db::private_postgres::Role::App)).unwrap();
    for change in ["UPDATE share_payments SET amount = 1", "DELETE FROM share_payments"] {
        let sql = format!("BEGIN; SELECT set_config('yui.org', '{}', true); {change}", here.id);
        let refused = app.batch_execute(&sql).unwrap_err().to_string();
        assert!(refused.contains("permission denied"), "{change}: {refused}");
        app.batch_execute("ROLLBACK").unwrap();
    }
}
