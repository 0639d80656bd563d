//! Invented companies by the thousand, each with a contact: for demo towns in which a program is measured at scale.
//!
//! Nothing here asks whether they look alike, as entering one does: they are numbered and meant to be many.

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use kernel::{CompanyId, ContactId};

/// What such a company's note says.
pub const NOTE: &str = "規模を測るための架空の企業です";

const PLACES: [&str; 12] =
    ["長野", "佐久", "上田", "小諸", "立科", "茅野", "松本", "塩尻", "東御", "御代田", "軽井沢", "岡谷"];
const READINGS: [&str; 12] = [
    "ナガノ",
    "サク",
    "ウエダ",
    "コモロ",
    "タテシナ",
    "チノ",
    "マツモト",
    "シオジリ",
    "トウミ",
    "ミヨタ",
    "カルイザワ",
    "オカヤ",
];
const TRADES: [&str; 9] = ["製作所", "商店", "建設", "印刷", "農園", "観光", "食品", "電機", "不動産"];
const FAMILIES: [(&str, &str); 8] = [
    ("佐藤", "サトウ"),
    ("小林", "コバヤシ"),
    ("柳沢", "ヤナギサワ"),
    ("土屋", "ツチヤ"),
    ("丸山", "マルヤマ"),
    ("依田", "ヨダ"),
    ("清水", "シミズ"),
    ("掛川", "カケガワ"),
];

#[derive(QueryableByName)]
struct Entered {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Adds companies numbered from `first` on, `count` of them, each with one contact, in their order.
pub fn companies(tx: &mut Tx<'_>, first: u32, count: u32) -> Result<Vec<(CompanyId, ContactId)>, DbError> {
    let numbers = first..first.saturating_add(count);
    let (names, readings): (Vec<String>, Vec<String>) = numbers.clone().map(named).unzip();
    let now = tx.now();
    let companies: Vec<CompanyId> = diesel::sql_query(
        "INSERT INTO companies (name, furigana, address, note, created_at) \
         SELECT name, reading, '長野県（デモのため番地なし）', $3, $4 \
         FROM unnest($1, $2) WITH ORDINALITY AS invented (name, reading, number) ORDER BY number RETURNING id",
    )
    .bind::<Array<Text>, _>(names)
    .bind::<Array<Text>, _>(readings)
    .bind::<Text, _>(NOTE)
    .bind::<diesel::sql_types::Timestamptz, _>(now)
    .load::<Entered>(tx.conn())?
    .into_iter()
    .map(|row| CompanyId(row.id))
    .collect();
    let people: Vec<&(&str, &str)> = numbers.map(|number| pick(&FAMILIES, number)).collect();
    let contacts = diesel::sql_query(
        "INSERT INTO contacts (company_id, family_name, family_kana, language) \
         SELECT company, name, reading, 'ja' \
         FROM unnest($1, $2, $3) WITH ORDINALITY AS invented (company, name, reading, number) ORDER BY number RETURNING id",
    )
    .bind::<Array<BigInt>, _>(&companies)
    .bind::<Array<Text>, _>(people.iter().map(|(name, _)| *name).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(people.iter().map(|(_, reading)| *reading).collect::<Vec<_>>())
    .load::<Entered>(tx.conn())?;
    Ok(companies.into_iter().zip(contacts.into_iter().map(|row| ContactId(row.id))).collect())
}

/// A name that no two numbers share, with its reading.
fn named(number: u32) -> (String, String) {
    let (place, trade) = (pick(&PLACES, number), pick(&TRADES, number / 12));
    (format!("株式会社{place}{trade}（架空{number}）"), (*pick(&READINGS, number)).to_owned())
}

#[expect(clippy::indexing_slicing, reason = "the rest of a division by N is below N")]
fn pick<T, const N: usize>(all: &[T; N], number: u32) -> &T {
    &all[usize::try_from(number).unwrap_or_default() % N]
}
