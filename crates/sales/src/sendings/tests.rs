//! The verbs against a real database.

use std::thread;

use accounts::OrgSecret;
use kernel::{Actor, Code, Coded, RequestId, Scope, Typed};

use super::*;
use crate::deals::{DealStatus, LoseInput, ReopenInput};
use crate::events::{DealWon, QuoteAccepted, QuoteAsked, QuoteDeclined};
use crate::testing::{Bench, quote_of};
use crate::todos::{self, FinishInput};

/// A deal whose quote was sent to its contact.
struct Sent {
    bench: Bench,
    key: LinkKey,
    deal: DealId,
    quote: Quote,
    secret: OrgSecret,
}

impl Sent {
    fn new() -> Self {
        let (bench, key) = (Bench::new(), LinkKey::generate());
        let deal = bench.open("名刺").id;
        let quote = bench.quote(deal, 10);
        let sending = bench.act(|tx| send(tx, &key, quote.id, &to(&bench))).unwrap();
        let secret = link_secret(&key, bench.town, sending.id, sending.sent_at);
        Self { bench, key, deal, quote, secret }
    }

    /// Does what a client does, who has no account.
    fn outside<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&mut Tx<'_>, &OrgSecret) -> Result<T, E>,
    ) -> Result<T, E> {
        let scope = Scope { organization: self.bench.town, actor: Actor::Outside, request: RequestId(1) };
        self.bench.db.app.run_blocking(scope, |tx| work(tx, &self.secret))
    }

    fn stand(&self) -> Stand {
        self.outside(open).unwrap().stand
    }

    fn order(&self, name: &str) -> Result<Acceptance, AnswerError> {
        self.outside(|tx, secret| accept(tx, secret, &order_of(name)))
    }

    fn version(&self) -> i32 {
        self.bench.deal(self.deal).version
    }

    fn events(&self) -> Vec<QuoteEventKind> {
        let events = self.bench.act(|tx| of_deal(tx, self.deal)).unwrap();
        events.iter().rev().map(|event| event.kind).collect()
    }
}

fn to(bench: &Bench) -> SendInput {
    SendInput { contact_id: bench.contact.to_string().into(), message: "ご確認ください".into() }
}

fn order_of(name: &str) -> AcceptInput {
    AcceptInput {
        name: name.into(),
        order_number: "PO-77".into(),
        note: "検収は10日以内".into(),
        may_order: "yes".into(),
    }
}

fn words(text: &str) -> WordsInput {
    WordsInput { name: "山田".into(), text: text.into() }
}

fn lost() -> LoseInput {
    LoseInput { reason: "price".into(), ..LoseInput::default() }
}

#[test]
fn a_client_orders_by_the_link_and_everything_becomes_true_at_once() {
    let sent = Sent::new();
    let seen = sent.outside(open).unwrap();
    assert_eq!((seen.stand, seen.message.as_str()), (Stand::Open, "ご確認ください"));
    let done = sent.order("山田 太郎").unwrap();
    assert_eq!((done.name.as_str(), done.order_number.as_str()), ("山田 太郎", "PO-77"));
    let deal = sent.bench.deal(sent.deal);
    assert_eq!((deal.state.status(), deal.amount), (DealStatus::Won, sent.quote.subtotal));
    let quote = sent.bench.act(|tx| quotes::find(tx, sent.quote.id)).unwrap();
    assert_eq!(quote.state.status(), QuoteStatus::Accepted);
    assert_eq!(sent.stand(), Stand::Accepted);
    assert_eq!(sent.events(), [QuoteEventKind::Sent, QuoteEventKind::Opened, QuoteEventKind::Accepted]);
    let won = sent.bench.told::<DealWon>();
    assert_eq!(won.len(), 1);
    assert_eq!((won[0].quote, won[0].order_number.as_str()), (quote.id, "PO-77"));
    assert_eq!((won[0].client_note.as_str(), won[0].won_by), ("検収は10日以内", sent.bench.sales));
    assert_eq!(sent.bench.told::<QuoteAccepted>()[0].name, "山田 太郎");
}

#[test]
fn the_same_order_again_gives_the_same_record_and_another_is_refused() {
    let sent = Sent::new();
    let first = sent.order("山田").unwrap();
    assert_eq!(sent.order("山田").unwrap(), first);
    let refused = sent.order("鈴木").unwrap_err();
    assert_eq!(refused.code(), Code::AlreadyAnswered);
    assert_eq!(sent.bench.told::<DealWon>().len(), 1);
}

#[test]
fn of_two_who_order_at_once_one_order_comes() {
    let sent = Sent::new();
    let outcomes: Vec<_> = thread::scope(|threads| {
        let names = ["山田", "鈴木", "佐藤", "田中"];
        let clients: Vec<_> =
            names.map(|name| threads.spawn(|| sent.order(name).map_err(|error| error.code()))).into();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    let refused = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    assert!(refused.into_iter().all(|code| *code == Code::AlreadyAnswered), "{outcomes:?}");
    assert_eq!(sent.bench.told::<DealWon>().len(), 1);
}

#[test]
fn an_order_against_a_new_version_or_a_lost_deal_has_one_winner() {
    for _round in 0..8 {
        let sent = Sent::new();
        let version = sent.version();
        let (ordered, issued, lost) = thread::scope(|threads| {
            let client = threads.spawn(|| sent.order("山田").is_ok());
            let one = threads.spawn(|| sent.bench.issue(sent.deal, quote_of(&[(1, 100)])).is_ok());
            let other =
                threads.spawn(|| sent.bench.act(|tx| deals::lose(tx, sent.deal, version, lost())).is_ok());
            (client.join().unwrap(), one.join().unwrap(), other.join().unwrap())
        });
        let deal = sent.bench.deal(sent.deal);
        let standing = sent.bench.act(|tx| quotes::standing(tx, sent.deal)).unwrap().unwrap();
        assert_eq!(sent.bench.told::<DealWon>().len(), usize::from(ordered));
        if ordered {
            assert!(!issued && !lost, "nothing follows an order");
            assert_eq!((deal.state.status(), standing.id), (DealStatus::Won, sent.quote.id));
            assert_eq!(sent.stand(), Stand::Accepted);
        } else {
            let stand = sent.stand();
            assert!(matches!(stand, Stand::Superseded | Stand::Closed), "{stand:?}");
            assert_ne!(standing.state.status(), QuoteStatus::Accepted);
        }
    }
}

#[test]
fn looking_orders_nothing_and_is_noted_once() {
    let sent = Sent::new();
    let version = sent.version();
    for _ in 0..5 {
        assert_eq!(sent.stand(), Stand::Open);
    }
    sent.outside(|tx, secret| check(tx, secret, &order_of("山田"))).unwrap();
    assert_eq!(sent.version(), version);
    assert_eq!(sent.events(), [QuoteEventKind::Sent, QuoteEventKind::Opened]);
}

#[test]
fn a_question_is_mailed_about_and_waits_among_todays_actions() {
    let sent = Sent::new();
    sent.outside(|tx, secret| ask(tx, secret, &words("納期は早められますか"))).unwrap();
    let next = sent.bench.deal(sent.deal).state.next_action().cloned().unwrap();
    assert!(next.next_action.contains("質問") && next.next_action.contains("電話する"), "{next:?}");
    assert_eq!(next.next_action_on.to_string(), "2026-11-22", "today, not the day that was planned");
    assert_eq!(sent.bench.told::<QuoteAsked>()[0].text, "納期は早められますか");
    let seen = sent.outside(open).unwrap();
    assert_eq!((seen.stand, seen.said.len()), (Stand::Open, 1));
    sent.order("山田").unwrap();
    let late = sent.outside(|tx, secret| ask(tx, secret, &words("もう一つ"))).unwrap_err();
    assert_eq!(late.code(), Code::AlreadyAnswered);
}

#[test]
fn a_question_comes_before_what_is_due_today_or_late_and_is_said_once() {
    let sent = Sent::new();
    // Planned for the 24th.
    sent.bench.at("2026-11-25T05:00:00Z");
    for question in ["納期は早められますか", "支払いは翌々月でもよいですか"] {
        sent.outside(|tx, secret| ask(tx, secret, &words(question))).unwrap();
        let next = sent.bench.deal(sent.deal).state.next_action().cloned().unwrap();
        assert_eq!(next.next_action, "見積への質問に答える（次に：電話する）");
        assert_eq!(next.next_action_on.to_string(), "2026-11-24", "late stays late");
    }
}

#[test]
fn what_was_planned_is_next_again_once_the_client_is_sent_an_answer() {
    let sent = Sent::new();
    let next = || sent.bench.deal(sent.deal).state.next_action().cloned().unwrap().next_action;
    sent.outside(|tx, secret| ask(tx, secret, &words("納期は早められますか"))).unwrap();
    sent.outside(|tx, secret| decline(tx, secret, &words("予算がありません"))).unwrap();
    assert_eq!(
        next(),
        "見積を辞退された。このあとどうするか決める（次に：見積への質問に答える（次に：電話する））"
    );
    sent.bench.act(|tx| send(tx, &sent.key, sent.quote.id, &to(&sent.bench))).unwrap();
    assert_eq!(next(), "電話する");
    let version = sent.version();
    sent.bench.act(|tx| send(tx, &sent.key, sent.quote.id, &to(&sent.bench))).unwrap();
    assert_eq!((next(), sent.version()), ("電話する".to_owned(), version), "nothing waited");
}

#[test]
fn questions_are_taken_ten_times_a_day() {
    let sent = Sent::new();
    for number in 0..10 {
        sent.outside(|tx, secret| ask(tx, secret, &words(&format!("質問{number}")))).unwrap();
    }
    let refused = sent.outside(|tx, secret| ask(tx, secret, &words("まだある"))).unwrap_err();
    assert_eq!(refused.code(), Code::TooManyTries);
    sent.bench.at("2026-11-23T05:00:01Z");
    sent.outside(|tx, secret| ask(tx, secret, &words("明日の質問"))).unwrap();
}

#[test]
fn a_refusal_loses_nothing_by_itself_and_can_be_thought_over() {
    let sent = Sent::new();
    for _twice in 0..2 {
        sent.outside(|tx, secret| decline(tx, secret, &words("予算がありません"))).unwrap();
    }
    let deal = sent.bench.deal(sent.deal);
    assert_eq!(deal.state.status(), DealStatus::Open);
    let next = deal.state.next_action().cloned().unwrap();
    assert!(next.next_action.starts_with("見積を辞退された"), "{next:?}");
    assert_eq!(sent.bench.told::<QuoteDeclined>().len(), 1, "pressed twice, it is one refusal");
    assert_eq!(sent.stand(), Stand::Open);
    sent.order("山田").unwrap();
    assert_eq!(sent.bench.deal(sent.deal).state.status(), DealStatus::Won);
}

#[test]
fn a_quote_that_ran_out_takes_questions_and_no_order_and_its_link_ends_after_the_days_of_grace() {
    let sent = Sent::new();
    sent.bench.at("2028-01-05T03:00:00Z");
    assert_eq!(sent.stand(), Stand::Expired);
    assert_eq!(sent.order("山田").unwrap_err().code(), Code::QuoteClosed);
    sent.outside(|tx, secret| ask(tx, secret, &words("まだ間に合いますか"))).unwrap();
    let again = sent.bench.act(|tx| send(tx, &sent.key, sent.quote.id, &to(&sent.bench))).unwrap_err();
    assert_eq!(again.code(), Code::QuoteRanOut);
    sent.bench.at("2028-01-30T14:59:59Z");
    assert_eq!(sent.stand(), Stand::Expired);
    sent.bench.at("2028-01-30T15:00:00Z");
    assert_eq!(sent.outside(open).unwrap_err().code(), Code::LinkGone);
}

#[test]
fn nothing_is_ordered_for_a_day_that_has_passed() {
    let (bench, key) = (Bench::new(), LinkKey::generate());
    let deal = bench.open("名刺").id;
    let input = quotes::QuoteInput { deliver_on: "2026-11-30".into(), ..quote_of(&[(1, 100)]) };
    let quote = bench.act(|tx| quotes::issue(tx, deal, input)).unwrap();
    let sending = bench.act(|tx| send(tx, &key, quote.id, &to(&bench))).unwrap();
    let secret = link_secret(&key, bench.town, sending.id, sending.sent_at);
    let sent = Sent { bench, key, deal, quote, secret };
    sent.bench.at("2026-12-01T03:00:00Z");
    assert_eq!(sent.stand(), Stand::Late);
    assert_eq!(sent.order("山田").unwrap_err().code(), Code::QuoteClosed);
    assert_eq!(sent.bench.deal(sent.deal).state.status(), DealStatus::Open);
}

#[test]
fn a_newer_version_a_withdrawal_and_a_closed_deal_are_told_apart() {
    let sent = Sent::new();
    assert!(sent.bench.act(|tx| withdraw(tx, sent.quote.id)).unwrap());
    assert!(!sent.bench.act(|tx| withdraw(tx, sent.quote.id)).unwrap(), "nothing was open any more");
    assert_eq!(sent.stand(), Stand::Withdrawn);
    assert_eq!(sent.order("山田").unwrap_err().code(), Code::QuoteClosed);
    assert_eq!(sent.outside(open).unwrap().newer_sent_at, None);
    sent.bench.at("2026-11-23T05:00:00Z");
    let again = sent.bench.act(|tx| send(tx, &sent.key, sent.quote.id, &to(&sent.bench))).unwrap();
    let seen = sent.outside(open).unwrap();
    assert_eq!(
        (seen.stand, seen.newer_sent_at),
        (Stand::Withdrawn, Some(again.sent_at)),
        "the same, sent again"
    );

    let sent = Sent::new();
    let next = sent.bench.quote(sent.deal, 20);
    let seen = sent.outside(open).unwrap();
    assert_eq!((seen.stand, seen.newer_sent_at), (Stand::Superseded, None));
    sent.bench.at("2026-11-23T05:00:00Z");
    let again = sent.bench.act(|tx| send(tx, &sent.key, next.id, &to(&sent.bench))).unwrap();
    assert_eq!(sent.outside(open).unwrap().newer_sent_at, Some(again.sent_at));
    let old = sent.bench.act(|tx| send(tx, &sent.key, sent.quote.id, &to(&sent.bench))).unwrap_err();
    assert_eq!(old.code(), Code::QuoteClosed, "only what stands is sent");

    let sent = Sent::new();
    let version = sent.version();
    sent.bench.act(|tx| deals::lose(tx, sent.deal, version, lost())).unwrap();
    assert_eq!(sent.stand(), Stand::Closed);
    assert_eq!(sent.order("山田").unwrap_err().code(), Code::QuoteClosed);
    let next =
        ReopenInput {
            next_action: "電話".into(), next_action_on: "2026-11-30".into(), ..Default::default()
        };
    sent.bench.act(|tx| deals::reopen(tx, sent.deal, version + 1, next)).unwrap();
    assert_eq!(sent.stand(), Stand::Open, "taken up again, it can be ordered on again");
    let version = sent.version();
    sent.bench.act(|tx| deals::win(tx, sent.deal, version, deals::WinInput::default())).unwrap();
    assert_eq!(sent.stand(), Stand::Ordered, "ordered by telephone");
    assert_eq!(sent.order("山田").unwrap_err().code(), Code::AlreadyAnswered);
}

#[test]
fn what_a_client_ordered_by_a_link_is_not_ordered_on_again_when_the_deal_is_opened_again() {
    let sent = Sent::new();
    sent.order("山田").unwrap();
    let version = sent.version();
    let next = ReopenInput {
        next_action: "電話".into(),
        next_action_on: "2026-11-30".into(),
        reason: "お客様が取り下げた".into(),
    };
    let nothing_begun = |_: &mut Tx<'_>, _, _: &str| Ok::<_, DealError>(());
    sent.bench.act(|tx| deals::reopen_won(tx, sent.deal, version, next, nothing_begun)).unwrap();
    assert_eq!(sent.events().last(), Some(&QuoteEventKind::Withdrawn));
    assert_eq!(sent.stand(), Stand::TakenBack);
    assert_eq!(sent.order("山田").unwrap_err().code(), Code::QuoteClosed);
    assert!(sent.bench.act(|tx| acceptance(tx, sent.quote.id)).unwrap().is_some(), "what they said stays");
    let version = sent.version();
    let refused = sent.bench.act(|tx| deals::win(tx, sent.deal, version, deals::WinInput::default()));
    assert_eq!(refused.unwrap_err().code(), Code::QuoteMissing);
    sent.bench.quote(sent.deal, 8);
    let version = sent.version();
    sent.bench.act(|tx| deals::win(tx, sent.deal, version, deals::WinInput::default())).unwrap();
    assert_eq!(sent.bench.told::<DealWon>().len(), 2);
}

#[test]
fn a_quote_goes_only_to_people_of_the_client_who_can_be_mailed() {
    let sent = Sent::new();
    let (_, stranger) = sent.bench.another_client("別会社");
    let refused = |contact: Typed| {
        let input = SendInput { contact_id: contact, ..SendInput::default() };
        let error = sent.bench.act(|tx| send(tx, &sent.key, sent.quote.id, &input)).unwrap_err();
        error.fields()[0].code
    };
    assert_eq!(refused(stranger.to_string().into()), Code::UnknownChoice);
    assert_eq!(refused("999999".into()), Code::UnknownChoice);
    assert_eq!(refused("".into()), Code::Required);
    let silent = sent
        .bench
        .act(|tx| {
            let input =
                contacts::ContactInput { family_name: "無口".into(), ..contacts::ContactInput::default() };
            contacts::add(tx, sent.bench.company, input)
        })
        .unwrap();
    assert_eq!(refused(silent.id.to_string().into()), Code::NoMailAddress);
}

#[test]
fn a_salesperson_is_told_once_of_a_sent_quote_that_runs_out() {
    let sent = Sent::new();
    let warned = || sent.bench.act(warn_of_running_out).unwrap();
    assert_eq!(warned(), 0, "it holds for a year");
    sent.bench.at("2027-12-28T00:00:00Z");
    assert_eq!(warned(), 1);
    assert_eq!(warned(), 0, "each once");
    assert_eq!(sent.bench.told::<QuoteRunsOut>()[0].quote, sent.quote.id);
}

#[test]
fn nobody_is_warned_that_a_quote_they_took_back_runs_out() {
    let sent = Sent::new();
    sent.bench.act(|tx| withdraw(tx, sent.quote.id)).unwrap();
    sent.bench.at("2027-12-28T00:00:00Z");
    assert_eq!(sent.bench.act(warn_of_running_out).unwrap(), 0);
    sent.bench.act(|tx| send(tx, &sent.key, sent.quote.id, &to(&sent.bench))).unwrap();
    assert_eq!(sent.bench.act(warn_of_running_out).unwrap(), 1, "sent anew, it is out again");
}

#[test]
fn a_mail_that_waits_leaves_only_while_its_quote_can_be_ordered_on() {
    let is_open = |sent: &Sent| {
        sent.bench
            .act(|tx| -> Result<bool, DbError> {
                let sending = of_quote(tx, sent.quote.id)?[0].id;
                is_open(tx, sending)
            })
            .unwrap()
    };
    let sent = Sent::new();
    assert!(is_open(&sent));
    let version = sent.version();
    sent.bench.act(|tx| deals::lose(tx, sent.deal, version, lost())).unwrap();
    assert!(!is_open(&sent), "the deal is lost");
    let sent = Sent::new();
    sent.bench.at("2028-01-01T00:00:00Z");
    assert!(!is_open(&sent), "its last day has passed");
    let sent = Sent::new();
    sent.bench.act(|tx| withdraw(tx, sent.quote.id)).unwrap();
    assert!(!is_open(&sent), "it was taken back");
}

#[test]
fn of_the_secret_the_database_has_a_digest_alone_and_another_secret_opens_nothing() {
    let sent = Sent::new();
    let other = OrgSecret::generate(sent.bench.town);
    let scope = Scope { organization: sent.bench.town, actor: Actor::Outside, request: RequestId(1) };
    let gone = sent.bench.db.app.run_blocking(scope, |tx| open(tx, &other)).unwrap_err();
    assert_eq!(gone.code(), Code::LinkGone);
    let found = sent.bench.act(|tx| lists::find_by_hash(tx, &sent.secret.hash())).unwrap();
    assert_eq!(found.map(|found| found.quote_id), Some(sent.quote.id));
}

#[test]
fn a_question_nobody_answered_stays_to_be_done_when_its_client_orders() {
    let kept = |sent: &Sent| sent.bench.act(|tx| kept_question(tx, sent.deal)).unwrap();
    let sent = Sent::new();
    sent.outside(|tx, secret| ask(tx, secret, &words("納期は\n早められますか"))).unwrap();
    assert!(kept(&sent).is_none(), "the next action says so while the deal is open");
    sent.order("山田").unwrap();
    let (asked, todo) = kept(&sent).unwrap();
    assert_eq!((asked.note.as_str(), todo.person_id), ("納期は\n早められますか", sent.bench.sales));
    assert_eq!(todo.title, "見積への質問に答える：納期は 早められますか");
    assert_eq!((todo.due_on.to_string().as_str(), todo.deal_id), ("2026-11-22", Some(sent.deal)));
    let done = FinishInput { note: "電話で答えた".into() };
    sent.bench.act(|tx| todos::finish(tx, todo.id, todo.version, &done)).unwrap();
    assert!(kept(&sent).is_none());

    let answered = Sent::new();
    answered.outside(|tx, secret| ask(tx, secret, &words("納期は早められますか"))).unwrap();
    let quote = answered.quote.id;
    answered.bench.act(|tx| send(tx, &answered.key, quote, &to(&answered.bench))).unwrap();
    answered.order("山田").unwrap();
    assert!(kept(&answered).is_none(), "what was answered is not asked again");
    let deal = answered.deal;
    assert!(answered.bench.act(|tx| todos::of(tx, crate::about::About::Deal(deal))).unwrap().is_empty());
}
