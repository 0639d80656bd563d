//! Orders entered directly, against a real database.

use kernel::{Code, Coded, Yen};

use super::*;
use crate::deals::{AmountBasis, DealEventKind, DealStatus};
use crate::events::DealWon;
use crate::quotes::{QuoteLineInput, QuoteStatus};
use crate::testing::Bench;

fn by_phone(bench: &Bench) -> DirectOrderInput {
    let line = QuoteLineInput {
        description: "名簿の入力".into(),
        quantity: "20".into(),
        unit_price: "150".into(),
        unit_minutes: "5".into(),
        tax_rate: "10".into(),
    };
    DirectOrderInput {
        company_id: bench.company.to_string().into(),
        contact_id: bench.contact.to_string().into(),
        title: "会員名簿の入力".into(),
        source: "phone".into(),
        deliver_on: "2026-12-18".into(),
        terms: "月末締め翌月末払い".into(),
        order_number: "PO-9".into(),
        note: "先月と同じ担当で".into(),
        lines: vec![line],
        ..DirectOrderInput::default()
    }
}

#[test]
fn an_order_by_phone_is_a_won_deal_with_its_history_and_says_how_it_came() {
    let bench = Bench::new();
    let deal = bench.act(|tx| record_won(tx, &by_phone(&bench))).unwrap();
    assert_eq!((deal.state.status(), deal.direct), (DealStatus::Won, Some(DirectSource::Phone)));
    assert_eq!((deal.amount, deal.amount_basis, deal.owner_id), (Yen(3000), AmountBasis::Quote, bench.sales));
    assert_eq!((deal.stage_id, deal.repeats), (bench.stage("受注"), None));
    let history = bench.act(|tx| deals::history(tx, deal.id)).unwrap();
    let kinds: Vec<DealEventKind> = history.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [DealEventKind::Won, DealEventKind::Opened], "the newest first");
    let quote = bench.act(|tx| quotes::standing(tx, deal.id)).unwrap().unwrap();
    assert_eq!(
        (quote.state.status(), quote.deliver_on.to_string().as_str()),
        (QuoteStatus::Accepted, "2026-12-18")
    );
    let told = bench.told::<DealWon>();
    assert_eq!((told.len(), told[0].deal, told[0].repeats), (1, deal.id, None));
    assert_eq!((told[0].order_number.as_str(), told[0].client_note.as_str()), ("PO-9", "先月と同じ担当で"));
    assert_eq!((told[0].amount, told[0].lines[0].quantity), (Yen(3000), 20));
}

#[test]
fn the_same_again_is_won_at_once_with_the_lines_and_terms_of_before() {
    let bench = Bench::new();
    let won = bench.won("名刺", 10);
    let input = OrderAgainInput { deliver_on: "2026-12-25".into(), ..OrderAgainInput::default() };
    let again = bench.act(|tx| record_again(tx, won.id, &input)).unwrap();
    assert_eq!((again.state.status(), again.direct), (DealStatus::Won, Some(DirectSource::Repeat)));
    assert_eq!((again.repeats, again.title.as_str(), again.amount), (Some(won.id), "名刺", won.amount));
    let (old, new) = (
        bench.act(|tx| quotes::standing(tx, won.id)).unwrap().unwrap(),
        bench.act(|tx| quotes::standing(tx, again.id)).unwrap().unwrap(),
    );
    assert_eq!((&new.lines, &new.terms), (&old.lines, &old.terms));
    let told = bench.told::<DealWon>();
    assert_eq!(told.last().map(|fact| (fact.deal, fact.repeats)), Some((again.id, Some(won.id))));
    assert_eq!(won.direct, None, "what somebody sold says nothing of the kind");
}

#[test]
fn everything_that_is_missing_is_told_at_once_and_nothing_is_written() {
    let bench = Bench::new();
    let refused = bench.act(|tx| record_won(tx, &DirectOrderInput::default())).unwrap_err();
    let fields: Vec<&str> = refused.fields().iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["source", "title", "company_id", "deliver_on", "lines"]);
    let repeat = DirectOrderInput { source: "repeat".into(), ..by_phone(&bench) };
    let refused = bench.act(|tx| record_won(tx, &repeat)).unwrap_err();
    assert_eq!(
        (refused.fields()[0].field.as_str(), refused.fields()[0].code),
        ("source", Code::UnknownChoice)
    );
    let past = DirectOrderInput { deliver_on: "2026-11-21".into(), ..by_phone(&bench) };
    let refused = bench.act(|tx| record_won(tx, &past)).unwrap_err();
    assert_eq!((refused.fields().len(), refused.fields()[0].code), (1, Code::InThePast));
    let open = bench.open("名刺");
    let input = OrderAgainInput { deliver_on: "2026-12-25".into(), ..OrderAgainInput::default() };
    assert_eq!(bench.act(|tx| record_again(tx, open.id, &input)).unwrap_err().code(), Code::Conflict);
    let count = bench
        .act(|tx| -> Result<_, db::DbError> { Ok(deals::totals(tx, &deals::DealFilter::default())?.count) })
        .unwrap();
    assert_eq!(count, 1, "only the one that was opened");
}

#[test]
fn whoever_runs_the_work_enters_orders_too() {
    let bench = Bench::new();
    let coordinator = bench.db.person(bench.town, "Sato", &["coordinator"]);
    let deal = bench.db.acting(bench.town, coordinator, |tx| record_won(tx, &by_phone(&bench))).unwrap();
    assert_eq!(deal.owner_id, coordinator);
    let input = OrderAgainInput { deliver_on: "2027-01-29".into(), ..OrderAgainInput::default() };
    let again = bench.db.acting(bench.town, coordinator, |tx| record_again(tx, deal.id, &input)).unwrap();
    assert_eq!(again.owner_id, coordinator, "they looked after the client before");
}
