//! Invoices to clients, what comes in for them and money by month, against a real database.

use clients::terms::{self, ClientTermsInput};
use kernel::Paging;

use super::*;
use crate::statements::{self, CloseInput, PaidDayInput};
use crate::testing::Town;
use crate::withholdings::{self, WithholdingInput};

fn bills(town: &Town, day: &str) -> Result<Invoice, InvoiceError> {
    let input = BillInput { company_id: town.company.to_string().into(), closed_on: day.into() };
    town.attempt(town.director, |tx| bill(tx, &input))
}

fn comes_in(town: &Town, id: InvoiceId, amount: i64) -> Result<Invoice, InvoiceError> {
    let note = if amount < 0 { "入力まちがい" } else { "" };
    let input =
        PaymentInput { amount: amount.to_string().into(), note: note.into(), ..PaymentInput::default() };
    town.attempt(town.director, |tx| receive(tx, id, &input))
}

/// An order of so many yen and two pieces, one of which is accepted.
fn half_accepted(town: &Town, amount: i64) -> (OrderId, kernel::UnitId, kernel::PersonId) {
    let (aoki, _) = town.worker("Aoki");
    let order = town.order_of(amount, 2).id;
    let job = town.job(order, 2).id;
    let units = town.finishes(aoki, job, 2);
    town.accepted(order, &units[..1]);
    (order, units[1], aoki)
}

#[test]
fn what_a_client_accepted_is_asked_for_once_with_their_day_and_the_towns_number() {
    let town = Town::new();
    let agreed = ClientTermsInput {
        closing_day: "20".into(),
        months_later: "1".into(),
        pay_day: "31".into(),
        ..ClientTermsInput::default()
    };
    town.act(town.director, |tx| terms::agree(tx, town.company, 0, &agreed));
    let (order, second, _) = half_accepted(&town, 1_001 * 2);
    let today = town.day(0).to_string();
    let waiting = town.act(town.director, unbilled);
    assert_eq!((waiting.len(), waiting[0].amount), (1, Yen(1_001)));
    let first = bills(&town, &today).unwrap();
    assert_eq!((first.number, first.amount, first.tax, first.total), (1, Yen(1_001), Yen(100), Yen(1_101)));
    // Accepted on 1 May: closed on the 20th, paid at the end of June.
    assert_eq!(first.due_on, "2026-06-30".parse().unwrap());
    assert_eq!(bills(&town, &today).unwrap_err().code(), Code::NothingToBill);
    assert!(town.act(town.director, unbilled).is_empty());
    town.accepted(order, &[second]);
    let rest = bills(&town, &today).unwrap();
    assert_eq!((rest.number, rest.amount), (2, Yen(1_001)));
    let both = town.act(town.director, |tx| of_order(tx, order));
    assert_eq!(both.iter().map(|one| one.amount.0).sum::<i64>(), 2_002, "the order's amount, once");
    let paper = town.act(town.director, |tx| whole(tx, rest.id));
    assert_eq!((paper.lines.len(), paper.rates.len(), paper.rates[0].tax), (1, 1, Yen(100)));
    let ahead = bills(&town, &town.day(1).to_string()).unwrap_err();
    assert_eq!(ahead.fields()[0].field, "closed_on");
}

fn agrees(town: &Town, version: i32, closing_day: &str) {
    let agreed = ClientTermsInput {
        closing_day: closing_day.into(),
        months_later: "1".into(),
        pay_day: "31".into(),
        ..ClientTermsInput::default()
    };
    town.act(town.director, |tx| terms::agree(tx, town.company, version, &agreed));
}

#[test]
fn a_client_who_closes_in_mid_month_is_asked_for_each_of_their_months_on_its_day() {
    let town = Town::new();
    agrees(&town, 0, "20");
    let (_, second, _) = half_accepted(&town, 2_000);
    let order = town.unit(second).order_id;
    // 1 May is of the month closed on 20 May, 25 May of the next.
    town.wait(chrono::Duration::days(24));
    town.accepted(order, &[second]);
    town.wait(chrono::Duration::days(8));
    let input = BillInput { company_id: town.company.to_string().into(), closed_on: "2026-05-31".into() };
    let first = town.act(town.director, |tx| bill_next(tx, &input));
    let july: NaiveDate = "2026-07-31".parse().unwrap();
    assert_eq!(
        first.waits,
        [WaitingDay { due_on: july, amount: Yen(1_000) }],
        "what waits for the next call"
    );
    let second = town.act(town.director, |tx| bill_next(tx, &input));
    assert!(second.waits.is_empty());
    let both = [first.invoice, second.invoice];
    let said: Vec<_> = both.iter().map(|one| (one.amount.0, one.due_on.to_string())).collect();
    assert_eq!(said, [(1_000, "2026-06-30".to_owned()), (1_000, "2026-07-31".to_owned())]);
    let days: Vec<_> = both.iter().map(|one| (one.supplied_from, one.supplied_to)).collect();
    let on = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert_eq!(days, [(on("2026-05-01"), on("2026-05-01")), (on("2026-05-25"), on("2026-05-25"))]);
    assert_eq!(bills(&town, "2026-05-31").unwrap_err().code(), Code::NothingToBill);
}

#[test]
fn an_order_is_paid_by_the_terms_that_held_when_it_was_accepted() {
    let town = Town::new();
    agrees(&town, 0, "20");
    let (before, _, _) = half_accepted(&town, 2_000);
    town.wait(chrono::Duration::hours(1));
    agrees(&town, 1, "10");
    let (baba, _) = town.worker("Baba");
    let after = town.order_of(3_000, 2).id;
    let units = town.finishes(baba, town.job(after, 2).id, 2);
    town.wait(chrono::Duration::days(11));
    town.accepted(after, &units[..1]);
    let input =
        BillInput { company_id: town.company.to_string().into(), closed_on: town.day(0).to_string().into() };
    let asked = town.act(town.director, |tx| bill_all(tx, &input));
    let of = |order| {
        let lines = |id| town.act(town.director, |tx| whole(tx, id)).lines;
        asked
            .iter()
            .find(|one| lines(one.id).iter().any(|line| line.order_id == order))
            .unwrap()
            .due_on
            .to_string()
    };
    assert_eq!((of(before).as_str(), of(after).as_str()), ("2026-06-30", "2026-07-31"), "accepted on 12 May");
}

#[test]
fn pieces_of_unlike_prices_count_at_their_own() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let mut won = town.won(0);
    let line = |unit_price, quantity| orders::OrderLine {
        unit_price: Yen(unit_price),
        quantity,
        ..won.lines[0].clone()
    };
    // 4 at 100 yen and 2 at 1,000: equal shares would make each piece worth 400.
    won.lines = vec![line(100, 4), line(1_000, 2)];
    won.amount = Yen(2_400);
    let order = town.act(town.director, |tx| {
        let order = orders::open_from_deal(tx, won)?;
        orders::start(tx, order.id)
    });
    let splits = |line: &str, count: usize| {
        let input = crate::jobs::JobInput { order_line: line.into(), ..town.job_input(count) };
        town.attempt(town.director, |tx| {
            let job = crate::jobs::split(tx, order.id, input)?;
            crate::jobs::offer(tx, job.id).map(|offered| offered.job.id)
        })
    };
    assert_eq!(splits("3", 1).unwrap_err().fields()[0].field, "order_line", "there is no third line");
    let (cheap, dear) = (splits("1", 4).unwrap(), splits("2", 2).unwrap());
    let today = town.day(0).to_string();
    let asked = |units: &[kernel::UnitId]| {
        town.accepted(order.id, units);
        bills(&town, &today).unwrap().amount.0
    };
    let (cheap, dear) = (town.finishes(aoki, cheap, 4), town.finishes(aoki, dear, 2));
    assert_eq!(asked(&cheap[..3]), 300);
    assert_eq!(asked(&dear[..1]), 1_000);
    assert_eq!(asked(&cheap[3..]), 100);
    assert_eq!(asked(&dear[1..]), 1_000, "and the order's amount in all");
}

/// An order of ten pieces at the reduced rate and two at the standard one, split into jobs; `line` names their lines, or nothing.
fn of_two_rates(town: &Town, line: fn(usize) -> &'static str) -> (OrderId, [Vec<kernel::UnitId>; 2]) {
    let (aoki, _) = town.worker("Aoki");
    let mut won = town.won(0);
    let of = |quantity, unit_price, rate| orders::OrderLine {
        quantity,
        unit_price: Yen(unit_price),
        tax_rate: TaxRate(rate),
        ..won.lines[0].clone()
    };
    won.lines = vec![of(10, 100, 8), of(2, 500, 10)];
    won.amount = Yen(2_000);
    let order = town.act(town.director, |tx| {
        let order = orders::open_from_deal(tx, won)?;
        orders::start(tx, order.id)
    });
    let units = [(1, 10), (2, 2)].map(|(number, count)| {
        let input = crate::jobs::JobInput { order_line: line(number).into(), ..town.job_input(count) };
        let job = town.act(town.director, |tx| {
            let job = crate::jobs::split(tx, order.id, input)?;
            crate::jobs::offer(tx, job.id).map(|offered| offered.job.id)
        });
        town.finishes(aoki, job, i64::try_from(count).unwrap())
    });
    (order.id, units)
}

/// What the next invoice asks for at each rate, and whether that was split by proportion.
fn asked_at_rates(town: &Town) -> (Vec<(u8, i64)>, bool) {
    let asked = bills(town, &town.day(0).to_string()).unwrap();
    let lines = town.act(town.director, |tx| whole(tx, asked.id)).lines;
    let rates = lines.iter().map(|line| (line.tax_rate.0, line.amount.0)).collect();
    (rates, lines.iter().any(|line| line.by_proportion))
}

#[test]
fn what_is_accepted_of_a_line_is_asked_for_at_that_lines_own_rate() {
    let town = Town::new();
    let (order, [reduced, standard]) = of_two_rates(&town, |number| if number == 1 { "1" } else { "2" });
    town.accepted(order, &reduced[..3]);
    assert_eq!(asked_at_rates(&town), (vec![(8, 300)], false), "nothing of the other line");
    town.accepted(order, &[&reduced[3..5], &standard[..1]].concat());
    assert_eq!(asked_at_rates(&town), (vec![(8, 200), (10, 500)], false));
    town.accepted(order, &[&reduced[5..], &standard[1..]].concat());
    assert_eq!(asked_at_rates(&town), (vec![(8, 500), (10, 500)], false), "and the rest as its lines say");
}

#[test]
fn where_jobs_name_no_line_rates_are_split_by_proportion_and_the_invoice_says_so() {
    let town = Town::new();
    let (order, [reduced, standard]) = of_two_rates(&town, |_number| "");
    // Every piece is worth a twelfth of 2,000, and half of that is at each rate.
    town.accepted(order, &reduced[..3]);
    assert_eq!(asked_at_rates(&town), (vec![(8, 250), (10, 250)], true));
    town.accepted(order, &[&reduced[3..], &standard[..]].concat());
    assert_eq!(asked_at_rates(&town), (vec![(8, 750), (10, 750)], true));
}

#[test]
fn a_free_sample_at_another_rate_splits_nothing_and_the_invoice_does_not_say_so() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let mut won = town.won(0);
    let of = |unit_price, rate| orders::OrderLine {
        quantity: 2,
        unit_price: Yen(unit_price),
        tax_rate: TaxRate(rate),
        ..won.lines[0].clone()
    };
    won.lines = vec![of(0, 8), of(500, 10)];
    won.amount = Yen(1_000);
    let order = town.act(town.director, |tx| {
        let order = orders::open_from_deal(tx, won)?;
        orders::start(tx, order.id)
    });
    let units = town.finishes(aoki, town.job(order.id, 4).id, 4);
    town.accepted(order.id, &units[..2]);
    assert_eq!(asked_at_rates(&town), (vec![(10, 500)], false));
}

#[test]
fn an_order_keeps_its_terms_when_its_company_is_merged_into_another() {
    let town = Town::new();
    agrees(&town, 0, "20");
    let kept = town.act(town.director, |tx| {
        let other = companies::CompanyInput { name: "境港商会".into(), ..Default::default() };
        companies::enter(tx, other).map_err(|_refused| DbError::NotFound)
    });
    // Theirs would be paid on the tenth two months later.
    let theirs = ClientTermsInput {
        closing_day: "31".into(),
        months_later: "2".into(),
        pay_day: "10".into(),
        ..ClientTermsInput::default()
    };
    town.act(town.director, |tx| terms::agree(tx, kept.id, 0, &theirs));
    town.wait(chrono::Duration::hours(1));
    let (order, _, _) = half_accepted(&town, 2_000);
    town.act(town.director, |tx| crate::merging::move_company(tx, town.company, kept.id, None));
    assert_eq!(town.act(town.director, |tx| orders::find(tx, order)).company_id, kept.id);
    let today = town.day(0).to_string();
    let input = BillInput { company_id: kept.id.to_string().into(), closed_on: today.as_str().into() };
    let asked = town.act(town.director, |tx| bill(tx, &input));
    assert_eq!(asked.due_on, "2026-06-30".parse().unwrap(), "by the terms that it was made with");
}

/// The town says where it is paid to.
fn is_paid_to(town: &Town, version: i32, account: &str) {
    let input = organizations::SettingsInput {
        name: "立科町".into(),
        postal_address: "長野県北佐久郡立科町大字芦田2532".into(),
        contact_email: "telework@example.jp".into(),
        bank_account: account.into(),
        ..Default::default()
    };
    town.act(town.director, |tx| organizations::change_settings(tx, version, &input));
}

#[test]
fn an_invoice_names_the_account_of_its_day_for_good() {
    let town = Town::new();
    is_paid_to(&town, 2, "架空銀行 芦田支店 普通 1234567 タテシナマチ");
    let (order, second, _) = half_accepted(&town, 2_000);
    let first = bills(&town, &town.day(0).to_string()).unwrap();
    assert_eq!(first.bank_account, "架空銀行 芦田支店 普通 1234567 タテシナマチ");
    is_paid_to(&town, 3, "別の架空銀行 本店 当座 7654321 タテシナマチ");
    town.accepted(order, &[second]);
    let rest = bills(&town, &town.day(0).to_string()).unwrap();
    assert_eq!(rest.bank_account, "別の架空銀行 本店 当座 7654321 タテシナマチ");
    assert_eq!(town.act(town.director, |tx| find(tx, first.id)).bank_account, first.bank_account);
    let (one, other) = (said(&first), said(&Invoice { bank_account: rest.bank_account, ..first.clone() }));
    assert_ne!(one, other, "the digest covers where it is paid to");
}

#[test]
fn money_comes_in_in_parts_and_too_much_is_seen() {
    let town = Town::new();
    half_accepted(&town, 2_000);
    let asked = bills(&town, &town.day(0).to_string()).unwrap();
    let state = |invoice: &Invoice| invoice.state(town.day(0));
    assert_eq!((asked.total, state(&asked)), (Yen(1_100), InvoiceState::Issued));
    let part = comes_in(&town, asked.id, 100).unwrap();
    assert_eq!((part.rest(), state(&part)), (Yen(1_000), InvoiceState::Part));
    assert_eq!(comes_in(&town, asked.id, -101).unwrap_err().fields()[0].field, "amount", "more than came in");
    assert_eq!(state(&comes_in(&town, asked.id, -100).unwrap()), InvoiceState::Issued);
    assert_eq!(town.act(town.director, count_open), (1, Yen(1_100)));
    assert_eq!(state(&comes_in(&town, asked.id, 1_100).unwrap()), InvoiceState::Paid);
    assert_eq!(town.act(town.director, count_open), (0, Yen::ZERO));
    assert_eq!(town.act(town.director, count_overpaid), (0, Yen::ZERO));
    let more = comes_in(&town, asked.id, 10).unwrap();
    assert_eq!((state(&more), more.rest()), (InvoiceState::Overpaid, Yen(-10)));
    assert_eq!(town.act(town.director, count_overpaid), (1, Yen(10)));
    assert_eq!(comes_in(&town, asked.id, 0).unwrap_err().fields()[0].field, "amount");
    let listed = |filter| {
        town.act(town.director, |tx| list(tx, filter, Some(town.company), &Paging::first(10))).items.len()
    };
    assert_eq!(
        (listed(InvoiceFilter::Open), listed(InvoiceFilter::Paid), listed(InvoiceFilter::All)),
        (0, 1, 1)
    );
    assert_eq!(town.act(town.director, |tx| whole(tx, asked.id)).payments.len(), 4);
}

#[test]
fn a_late_client_delays_no_workers_pay_and_is_pointed_out() {
    let town = Town::new();
    let (order, second, _) = half_accepted(&town, 2_000);
    let job = town.act(town.director, |tx| crate::jobs::of_order(tx, order))[0].job.id;
    let kind = WithholdingInput { kind: "data_entry".into(), ..WithholdingInput::default() };
    town.act(town.director, |tx| withholdings::decide(tx, job, &kind));
    let today = town.day(0).to_string();
    let asked = bills(&town, &today).unwrap();
    assert_eq!(asked.due_on, "2026-06-30".parse().unwrap(), "no terms: the end of the next month");
    town.act(town.director, |tx| statements::close(tx, &CloseInput { closed_on: today.as_str().into() }));
    let before = town.act(town.director, cash);
    let june: NaiveDate = "2026-06-01".parse().unwrap();
    let of_june = before.iter().find(|month| month.month == june).unwrap();
    assert_eq!((of_june.expected, of_june.paid, of_june.gap()), (Yen(1_100), Yen(880), Yen(220)));
    town.wait(chrono::Duration::days(61));
    let day = PaidDayInput {
        pay_on: "2026-06-25".into(),
        statements: "1".into(),
        payable: "880".into(),
        paid_on: "2026-06-25".into(),
        ..PaidDayInput::default()
    };
    assert_eq!(town.act(town.director, |tx| statements::pay_all(tx, &day)), 1);
    let late = town.act(town.director, overdue);
    assert_eq!(
        (late.len(), late[0].invoice.id, late[0].advanced),
        (1, asked.id, Yen(400)),
        "half of the order is asked for"
    );
    assert_eq!(late[0].invoice.state(town.day(0)), InvoiceState::Overdue);
    let after = town.act(town.director, cash);
    let of_june = after.iter().find(|month| month.month == june).unwrap();
    assert_eq!(
        (of_june.expected, of_june.gap()),
        (Yen::ZERO, Yen(-880)),
        "what is late is no money of June's"
    );
    town.accepted(order, &[second]);
    let rest = bills(&town, &town.day(0).to_string()).unwrap();
    town.wait(chrono::Duration::days(62));
    let late = town.act(town.director, overdue);
    assert_eq!((late.len(), rest.amount), (2, Yen(1_000)));
    assert_eq!(late.iter().map(|one| one.advanced.0).sum::<i64>(), 800, "what was paid for the order, once");
    comes_in(&town, asked.id, 1_100).unwrap();
    comes_in(&town, rest.id, 1_100).unwrap();
    assert!(town.act(town.director, overdue).is_empty());
}

#[test]
fn a_month_counts_the_tax_that_is_withheld_the_tax_on_top_and_what_is_late() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let order = town.order(1000).id;
    let job = town.job(order, 3).id;
    let kind = WithholdingInput { kind: "design".into(), ..WithholdingInput::default() };
    town.act(town.director, |tx| withholdings::decide(tx, job, &kind));
    town.finishes(aoki, job, 1);
    let month = |town: &Town, of: &str| {
        let of: NaiveDate = of.parse().unwrap();
        town.act(town.director, cash).into_iter().find(|month| month.month == of).unwrap()
    };
    let before = month(&town, "2026-06-01");
    assert_eq!((before.unclosed, before.paid, before.gap()), (Yen(440), Yen::ZERO, Yen(-440)));
    let today = town.day(0).to_string();
    town.act(town.director, |tx| statements::close(tx, &CloseInput { closed_on: today.as_str().into() }));
    // 400 and 40 on top, less 10.21 % of 400, which go to the tax office in July.
    let (june, july) = (month(&town, "2026-06-01"), month(&town, "2026-07-01"));
    assert_eq!((june.paid, june.unclosed, june.withheld), (Yen(400), Yen::ZERO, Yen::ZERO));
    assert_eq!((july.paid, july.withheld, july.gap()), (Yen::ZERO, Yen(40), Yen(-40)));
    town.wait(chrono::Duration::days(92));
    let august = month(&town, "2026-08-01");
    assert_eq!(august.paid, Yen(400), "nobody paid in June, so it is August's");
    assert!(town.act(town.director, cash).iter().all(|month| month.month >= august.month));
    assert_eq!(month(&town, "2026-09-01").withheld, Yen(40));
}

#[test]
fn the_database_itself_keeps_an_invoices_sums() {
    use diesel::RunQueryDsl as _;
    let town = Town::new();
    half_accepted(&town, 2_000);
    let asked = bills(&town, &town.day(0).to_string()).unwrap();
    let run = |sql: &str| {
        town.attempt(town.director, |tx| -> Result<(), DbError> {
            diesel::sql_query(sql).execute(tx.conn())?;
            Ok(())
        })
    };
    let more = format!(
        "INSERT INTO client_invoice_lines SELECT organization_id, invoice_id, 2, order_id, title, tax_rate, 1 \
         FROM client_invoice_lines WHERE invoice_id = {}",
        asked.id
    );
    assert!(run(&more).unwrap_err().violates("client_invoices_sum"));
    for forbidden in [
        "UPDATE client_invoices SET due_on = '2030-01-01'",
        "DELETE FROM client_payments",
        "DELETE FROM client_invoice_amounts",
    ] {
        assert!(run(forbidden).unwrap_err().to_string().contains("permission denied"), "{forbidden}");
    }
}
