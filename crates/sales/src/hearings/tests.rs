//! The verbs against a real database.

use diesel::RunQueryDsl as _;
use diesel::sql_types::BigInt;
use kernel::{Code, Coded};

use super::*;
use crate::deals::LoseInput;
use crate::testing::Bench;

#[derive(diesel::QueryableByName)]
struct Kept {
    #[diesel(sql_type = BigInt)]
    id: FileId,
}

/// The row of a file that somebody uploaded; its bytes are no concern of this crate.
fn file(bench: &Bench, person: PersonId) -> FileId {
    let row: Kept = diesel::sql_query(format!(
        "INSERT INTO files (organization_id, name, media_type, bytes, sha256, storage_key, person_id) \
         SELECT {town}, '見本.csv', 'text/csv', 42, decode(repeat('07', 32), 'hex'), lpad(count(*)::text, 64, '0'), {person} \
         FROM files RETURNING id",
        town = bench.town.0,
        person = person.0,
    ))
    .get_result(&mut bench.db.owner())
    .unwrap();
    row.id
}

fn sheet() -> HearingInput {
    HearingInput {
        job_kind: "名刺の入力".into(), volume: "毎月300枚".into(), ..HearingInput::default()
    }
}

#[test]
fn what_has_not_been_asked_stays_visible_until_it_is() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let begun = bench.act(|tx| begin(tx, deal.id, &sheet())).unwrap();
    let left = [Question::Sample, Question::Deadline, Question::PersonalData, Question::Tools];
    assert_eq!((begun.unasked(), begun.person_id, begun.version), (left.to_vec(), bench.sales, 1));
    let sample = file(&bench, bench.sales);
    let full = HearingInput {
        deadline: "毎月25日".into(),
        personal_data: "yes".into(),
        tools: "表計算".into(),
        samples: vec![sample.to_string().into()],
        ..HearingInput::from(&begun)
    };
    let known = bench.act(|tx| change(tx, begun.id, 1, &full)).unwrap();
    assert_eq!((known.unasked(), known.personal_data), (vec![], Some(PersonalData::Yes)));
    assert_eq!(known.samples.iter().map(|file| file.id).collect::<Vec<_>>(), [sample]);
    assert!(bench.act(|tx| is_sample(tx, sample)).unwrap());
    let again = HearingInput { samples: vec![sample.to_string().into()], ..HearingInput::from(&known) };
    let again = bench.act(|tx| change(tx, begun.id, 2, &again)).unwrap();
    assert_eq!(again.samples.len(), 1, "the same sample once more is the same sample");
    assert_eq!(bench.act(|tx| of_deal(tx, deal.id)).unwrap(), [again]);
    let late = bench.act(|tx| change(tx, begun.id, 2, &sheet())).unwrap_err();
    assert_eq!(late.code(), Code::Stale);
}

#[test]
fn a_sample_is_a_file_of_whoever_attaches_it() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    for wrong in [file(&bench, bench.colleague), FileId(999_999)] {
        let input = HearingInput { samples: vec![wrong.to_string().into()], ..sheet() };
        let refused = bench.act(|tx| begin(tx, deal.id, &input)).unwrap_err();
        assert_eq!(
            (refused.fields()[0].field.as_str(), refused.fields()[0].code),
            ("samples", Code::UnknownChoice)
        );
    }
    assert_eq!(bench.act(|tx| of_deal(tx, deal.id)).unwrap(), []);
}

#[test]
fn a_deal_that_is_over_is_not_asked_about() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let begun = bench.act(|tx| begin(tx, deal.id, &sheet())).unwrap();
    let lost = LoseInput { reason: "price".into(), ..LoseInput::default() };
    bench.act(|tx| deals::lose(tx, deal.id, 1, lost)).unwrap();
    let refused = bench.act(|tx| begin(tx, deal.id, &sheet())).unwrap_err();
    assert_eq!(refused.code(), Code::DealNotOpen);
    assert_eq!(bench.act(|tx| change(tx, begun.id, 1, &sheet())).unwrap_err().code(), Code::DealNotOpen);
}
