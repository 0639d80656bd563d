//! The verbs against a real database.

use std::thread;

use db::private_postgres::Role;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
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
    assert_eq!(
        bench.act(|tx| deals::win(tx, deal.id, seen, WinInput::default())).unwrap_err().code(),
        Code::Stale
    );
}

#[test]
fn of_salespeople_at_once_one_issues_the_next_version_and_the_others_hear_of_it() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let first = bench.quote(deal.id, 10);
    let over =
        |quantity: i64| QuoteInput { based_on: first.id.to_string().into(), ..quote_of(&[(quantity, 195)]) };
    let outcomes: Vec<_> = thread::scope(|threads| {
        let sellers: Vec<_> = (1..=8)
            .map(|quantity| {
                let (bench, input) = (&bench, over(quantity));
                threads.spawn(move || bench.act(|tx| issue(tx, deal.id, input)).map_err(|error| error.code()))
            })
            .collect();
        sellers.into_iter().map(|seller| seller.join().unwrap()).collect()
    });
    let issued: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
    assert_eq!(issued.len(), 1, "{outcomes:?}");
    assert!(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(|code| *code == Code::Stale));
    let standing = bench.act(|tx| standing(tx, deal.id)).unwrap().unwrap();
    assert_eq!((standing.id, standing.number), (issued[0].id, 2));
    assert_eq!(bench.deal(deal.id).amount, standing.subtotal);
}

#[test]
fn nobodys_version_is_replaced_unread() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let theirs = bench.quote(deal.id, 10);
    let first = || quote_of(&[(20, 195)]);
    for based_on in ["", "0", "999999"] {
        let input = QuoteInput { based_on: based_on.into(), ..first() };
        assert_eq!(bench.act(|tx| draft(tx, deal.id, &input)).unwrap_err().code(), Code::Stale, "{based_on}");
        assert_eq!(bench.act(|tx| issue(tx, deal.id, input)).unwrap_err().code(), Code::Stale, "{based_on}");
    }
    assert_eq!(bench.act(|tx| standing(tx, deal.id)).unwrap(), Some(theirs));
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

/// What the database says to `sql`, run and committed by the application's role in the bench's town.
fn said(bench: &Bench, sql: &str) -> Result<(), String> {
    let mut app = PgConnection::establish(&bench.db.url(Role::App)).unwrap();
    let work = |app: &mut PgConnection| {
        app.batch_execute(&format!("SELECT set_config('yui.org', '{}', true)", bench.town))?;
        app.batch_execute(sql)
    };
    app.transaction::<_, diesel::result::Error, _>(work).map_err(|error| error.to_string())
}

#[test]
fn the_tables_never_let_an_issued_quote_change() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let quote = bench.act(|tx| issue(tx, deal.id, quote_of(&[(1, 195), (2, 300)]))).unwrap();
    let (id, rows) = (quote.id, format!("WHERE id = {}", quote.id));
    for column in
        ["terms = 'x'", "subtotal = 0, total = 0, tax = 0", "valid_until = '2099-01-01'", "number = 9"]
    {
        let refused = said(&bench, &format!("UPDATE quotes SET {column} {rows}")).unwrap_err();
        assert!(refused.contains("permission denied"), "{column}: {refused}");
    }
    for sql in [
        format!("DELETE FROM quotes {rows}"),
        format!("UPDATE quote_lines SET unit_price = 1 WHERE quote_id = {id}"),
        format!("DELETE FROM quote_lines WHERE quote_id = {id}"),
    ] {
        let refused = said(&bench, &sql).unwrap_err();
        assert!(refused.contains("permission denied"), "{sql}: {refused}");
    }
    let one_more = format!("INSERT INTO quote_lines VALUES ({}, {id}, 3, 'おまけ', 1, 0, 1, 10)", bench.town);
    let refused = said(&bench, &one_more).unwrap_err();
    assert!(refused.contains("written all at once"), "{refused}");
    let over = format!("UPDATE quotes SET state = 'superseded', superseded_at = now() {rows}");
    assert_eq!(said(&bench, &over), Ok(()), "whether it stands may change");
    let stored = bench.act(|tx| find(tx, id)).unwrap();
    assert_eq!((stored.lines, stored.subtotal, stored.tax), (quote.lines, quote.subtotal, quote.tax));
}

#[test]
fn the_tables_hold_a_quotes_totals_to_its_lines() {
    let bench = Bench::new();
    let deal = bench.open("名刺").id;
    let person = bench.sales;
    let quote = |subtotal: i64, tax: i64| {
        format!(
            "WITH q AS (INSERT INTO quotes (deal_id, number, valid_until, deliver_on, subtotal, tax, total, person_id, \
                 issued_at) VALUES ({deal}, 1, '2026-12-31', '2027-01-31', {subtotal}, {tax}, {}, {person}, now()) \
                 RETURNING id) \
             INSERT INTO quote_lines (quote_id, position, description, quantity, unit_price, unit_minutes, tax_rate) \
             SELECT q.id, l.* FROM q, (VALUES (1, 'a', 1, 195, 3, 10), (2, 'b', 1, 195, 3, 10), (3, 'c', 1, 12, 3, 8)) l",
            subtotal + tax
        )
    };
    for (subtotal, tax) in [(401, 39), (402, 38), (402, 40)] {
        let refused = said(&bench, &quote(subtotal, tax)).unwrap_err();
        assert!(refused.contains("its lines 402, 39"), "38 would be a rounding per line: {refused}");
    }
    let alone =
        quote(0, 0).split(" INSERT INTO quote_lines").next().unwrap().to_owned() + " SELECT id FROM q";
    let refused = said(&bench, &alone).unwrap_err();
    assert!(refused.contains("its lines <NULL>, <NULL>"), "a quote without lines: {refused}");
    assert_eq!(said(&bench, &quote(402, 39)), Ok(()), "39 on 390 at 10%, nothing on 12 at 8%");
}

#[test]
fn a_deal_is_won_on_a_day_that_has_not_passed() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let quote = bench.quote(deal.id, 10);
    let version = bench.deal(deal.id).version;
    let anew = |day: &str| {
        let day = Typed::from(day);
        bench.act(|tx| promise_anew(tx, deal.id, version, &day, &WinInput { confirm_expired: "yes".into() }))
    };
    assert_eq!(anew("").unwrap(), version, "the day is still to come");
    let after = quote.deliver_on.succ_opt().unwrap();
    bench.at(&format!("{after}T03:00:00Z"));
    let day = Typed::from(after.to_string().as_str());
    let unasked = bench.act(|tx| promise_anew(tx, deal.id, version, &day, &WinInput::default())).unwrap_err();
    assert_eq!(unasked.code(), Code::QuoteExpired, "its amounts may no longer hold");
    let refused = anew("").unwrap_err();
    assert_eq!(refused.fields()[0].field, "deliver_on");
    assert!(anew(&quote.deliver_on.to_string()).is_err(), "not the day that has passed");
    let raised = anew(&after.to_string()).unwrap();
    assert!(raised > version);
    let standing = bench.act(|tx| standing(tx, deal.id)).unwrap().unwrap();
    assert_eq!((standing.number, standing.deliver_on), (2, after));
    assert_eq!((&standing.lines, standing.total), (&quote.lines, quote.total));
    assert_eq!(anew(&after.to_string()).unwrap(), version, "nothing more to promise, and nothing is written");
    bench.act(|tx| deals::win(tx, deal.id, raised, WinInput::default())).unwrap();
}

#[test]
fn a_draft_says_what_would_be_issued_and_writes_nothing() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let input = quote_of(&[(1, 195), (2, 100)]);
    let draft = bench.act(|tx| draft(tx, deal.id, &input)).unwrap();
    assert_eq!(bench.act(|tx| standing(tx, deal.id)).unwrap(), None);
    let quote = bench.act(|tx| issue(tx, deal.id, input)).unwrap();
    assert_eq!(
        (draft.lines, draft.subtotal, draft.total),
        (quote.lines.clone(), quote.subtotal, quote.total)
    );
    let empty = QuoteInput::default();
    assert_eq!(bench.act(|tx| super::draft(tx, deal.id, &empty)).unwrap_err().code(), Code::Invalid);
}
