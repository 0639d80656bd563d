//! The verbs against a real database.

use std::thread;

use kernel::{Code, Coded, Yen};

use super::*;
use crate::deals::{DealEventKind, LoseInput};
use crate::testing::{Bench, quote_of};

#[test]
fn a_deals_amount_follows_the_standing_quote() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let quote = bench.act(|tx| issue(tx, deal.id, quote_of(&[(1, 195), (1, 195)]))).unwrap();
    assert_eq!((quote.number, quote.subtotal, quote.tax, quote.total), (1, Yen(390), Yen(39), Yen(429)));
    assert_eq!(bench.deal(deal.id).amount, Yen(390));
    let history = bench.act(|tx| deals::history(tx, deal.id)).unwrap();
    let kinds: Vec<_> = history.iter().map(|event| (event.kind, event.amount)).collect();
    assert_eq!(kinds, [(DealEventKind::Revalued, Yen(390)), (DealEventKind::Opened, Yen(0))]);
    assert_eq!(bench.act(|tx| find(tx, quote.id)).unwrap(), quote, "lines and all");
}

#[test]
fn a_new_version_supersedes_the_one_that_stood() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let first = bench.quote(deal.id, 10);
    let second = bench.quote(deal.id, 20);
    assert_eq!(second.number, 2);
    assert_eq!(bench.act(|tx| standing(tx, deal.id)).unwrap(), Some(second.clone()));
    let all = bench.act(|tx| of_deal(tx, deal.id)).unwrap();
    assert_eq!(all.iter().map(|quote| quote.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(all[1].state.status(), QuoteStatus::Superseded);
    assert_eq!((&all[1].lines, all[1].total), (&first.lines, first.total), "nothing else changed");
}

#[test]
fn a_version_read_before_a_quote_was_issued_is_stale_even_at_the_same_price() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    bench.quote(deal.id, 10);
    let seen = bench.deal(deal.id).version;
    bench.quote(deal.id, 10);
    assert_eq!(bench.act(|tx| deals::win(tx, deal.id, seen)).unwrap_err().code(), Code::Stale);
}

#[test]
fn two_salespeople_at_once_get_two_versions_of_which_one_stands() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    thread::scope(|threads| {
        for quantity in 1..=8 {
            let bench = &bench;
            threads.spawn(move || bench.quote(deal.id, quantity));
        }
    });
    let all = bench.act(|tx| of_deal(tx, deal.id)).unwrap();
    assert_eq!(all.iter().map(|quote| quote.number).collect::<Vec<_>>(), [8, 7, 6, 5, 4, 3, 2, 1]);
    let standing: Vec<_> =
        all.iter().filter(|quote| quote.state.status() != QuoteStatus::Superseded).collect();
    assert_eq!(standing.len(), 1);
    assert_eq!(bench.deal(deal.id).amount, standing[0].subtotal);
}

#[test]
fn a_deal_that_is_not_open_gets_no_quote() {
    let bench = Bench::new();
    let deal = bench.won("名刺", 10);
    let refused = bench.act(|tx| issue(tx, deal.id, quote_of(&[(1, 1)]))).unwrap_err();
    assert_eq!(refused.code(), Code::DealNotOpen);
    let lost = bench.open("封筒");
    let why = LoseInput { reason: "price".into(), ..LoseInput::default() };
    bench.act(|tx| deals::lose(tx, lost.id, 1, why)).unwrap();
    assert!(bench.act(|tx| issue(tx, lost.id, quote_of(&[(1, 1)]))).is_err());
}

#[test]
fn an_issued_line_cannot_be_rewritten() {
    use diesel::RunQueryDsl;
    let bench = Bench::new();
    let deal = bench.open("名刺");
    bench.quote(deal.id, 10);
    let tampered: Result<usize, DbError> =
        bench.act(|tx| Ok(diesel::sql_query("UPDATE quote_lines SET unit_price = 1").execute(tx.conn())?));
    assert!(tampered.is_err());
}

#[test]
fn whoever_listens_hears_of_each_quote() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let quote = bench.quote(deal.id, 10);
    let expected = QuoteIssued {
        quote: quote.id,
        deal: deal.id,
        number: 1,
        title: "名刺".into(),
        company: bench.company,
        contact: Some(bench.contact),
        total: Yen(2145),
        valid_until: quote.valid_until,
        issued_by: bench.sales,
    };
    assert_eq!(bench.told::<QuoteIssued>(), [expected]);
}
