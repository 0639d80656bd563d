//! Questions of clients against a real database.

use kernel::{Code, Coded, DeliveryId, Paging};

use super::*;
use crate::testing::Town;

fn question(text: &str) -> QuestionInput {
    QuestionInput { asker: "山田".into(), question: text.into() }
}

fn delivered() -> (Town, DeliveryId, OrgSecret) {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order_of(1000, 1).id;
    town.finishes(worker, town.job(order, 1).id, 1);
    let (delivery, secret) = town.delivers(order, &[]);
    (town, delivery.id, secret)
}

#[test]
fn a_question_is_told_answered_once_and_read_by_the_client() {
    let (town, delivery, secret) = delivered();
    let asked = town.outside(|tx| ask(tx, &secret, &question("影は残りますか？"))).unwrap();
    assert_eq!((asked.name.as_str(), asked.answer.clone()), ("山田", None));
    let told = town.facts::<ClientAsked>().remove(0);
    assert_eq!((told.delivery, told.text.as_str()), (delivery, "影は残りますか？"));
    let waiting = |town: &Town| town.act(town.director, |tx| open(tx, &Paging::first(5))).items;
    assert_eq!(waiting(&town).iter().map(|one| one.id).collect::<Vec<_>>(), [asked.id]);
    let empty = town.attempt(town.director, |tx| reply(tx, asked.id, &ReplyInput::default())).unwrap_err();
    assert_eq!((empty.fields()[0].field.as_str(), empty.code()), ("answer", Code::Invalid));
    let words = ReplyInput { answer: "残しません。".into() };
    town.act(town.director, |tx| reply(tx, asked.id, &words));
    let twice = town.attempt(town.director, |tx| reply(tx, asked.id, &words)).unwrap_err();
    assert_eq!(twice.code(), Code::AlreadyAnswered);
    assert!(waiting(&town).is_empty());
    let replied = town.facts::<ClientReplied>();
    assert_eq!((replied.len(), replied[0].answer.as_str()), (1, "残しません。"));
    let read = town.act(town.director, |tx| of_delivery(tx, delivery, &Paging::first(5))).items;
    assert_eq!(read[0].answer.as_deref(), Some("残しません。"));
}

#[test]
fn ten_may_wait_and_what_is_empty_or_comes_by_a_dead_link_is_not_taken() {
    let (town, delivery, secret) = delivered();
    for number in 0..10 {
        town.outside(|tx| ask(tx, &secret, &question(&format!("{number}番は？")))).unwrap();
    }
    let eleventh = || town.outside(|tx| ask(tx, &secret, &question("もう一つ"))).map(|one| one.question);
    assert_eq!(eleventh().unwrap_err().code(), Code::TooManyTries);
    let first = town.act(town.director, |tx| open(tx, &Paging::first(1))).items.remove(0);
    town.act(town.director, |tx| reply(tx, first.id, &ReplyInput { answer: "はい。".into() }));
    assert_eq!(eleventh().unwrap(), "もう一つ", "there is room again");
    let empty = town.outside(|tx| ask(tx, &secret, &QuestionInput::default())).unwrap_err();
    let fields: Vec<&str> = empty.fields().iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["asker", "question"]);
    town.act(town.director, |tx| deliveries::withdraw_link(tx, delivery));
    assert_eq!(eleventh().unwrap_err().code(), Code::LinkGone);
    let second = town.act(town.director, |tx| open(tx, &Paging::first(1))).items.remove(0);
    let unread =
        town.attempt(town.director, |tx| reply(tx, second.id, &ReplyInput { answer: "いいえ。".into() }));
    assert_eq!(unread.unwrap_err().code(), Code::Conflict, "nobody could read it");
}
