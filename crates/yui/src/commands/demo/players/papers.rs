//! What workers work from and what they hand in: a small sample, table or text for each unit, the same on every
//! filling.

use files::Received;
use kernel::UnitId;

use super::super::score::Line;
use super::super::stage::Stage;
use crate::Stop;

/// Far more than any of these.
const MOST_BYTES: u64 = 64 * 1024;

/// How many rows a table has.
const ROWS: i64 = 8;

/// The skills whose work is a text and not a table: transcription and writing.
const TEXTS: [usize; 2] = [1, 3];

/// A label and the material of every unit of a job, as the file a coordinator would send in.
pub(super) fn materials(line: &Line, count: usize) -> String {
    let width = count.to_string().len();
    let row = |number: usize| format!("No. {number:0width$},\"{}\"\n", material(line, number));
    (1..=count).map(row).collect()
}

/// What one unit is made from: two samples as they are to come out, and what is still to be done.
fn material(line: &Line, number: usize) -> String {
    let what = line.what;
    if TEXTS.contains(&line.skill) {
        return format!(
            "見本\n1. {what}の1番目の段落です。\n2. {what}の2番目の段落です。\n\n素材（{number}番）\nきょうは、えー、{what}についてお話しします。\n             はじめに、これまでのことを。それから、来年の予定を、三つに分けて話します。"
        );
    }
    let slip = |place: usize| {
        let amount = (number * 37 + place * 113) % 900 + 100;
        format!("伝票{place}　{what}　{amount}個\n")
    };
    let slips: String = (3..=6).map(slip).collect();
    format!(
        "見本\n番号,件名,数量,備考\n1,{what}-1,120,\n2,{what}-2,85,読めない字あり\n\n素材（{number}番）\n{slips}"
    )
}

/// Puts what came out of a unit into the store: its first version, or one in which some lines are mended.
pub(super) fn paper(stage: &Stage, line: &Line, unit: UnitId, version: i32) -> Result<Received, Stop> {
    let (name, content) = if TEXTS.contains(&line.skill) {
        (format!("{}_{unit}.txt", line.what), text(line, unit, version))
    } else {
        (format!("{}_{unit}.csv", line.what), table(line, unit, version))
    };
    stage
        .files
        .receive_blocking(stage.organization, &name, content.into_bytes(), MOST_BYTES)
        .map_err(Stop::failed)
}

/// With the mark that lets Excel read it.
fn table(line: &Line, unit: UnitId, version: i32) -> String {
    let row = |number: i64| {
        let amount = (unit.0 * 37 + number * 113) % 9000 + 100;
        let mended = if number < i64::from(version) { "見直し済み" } else { "" };
        format!("{number},{}-{unit}-{number},{amount},{mended}\r\n", line.what)
    };
    let rows: String = (1..=ROWS).map(row).collect();
    format!("\u{feff}番号,件名,数量,備考\r\n{rows}")
}

fn text(line: &Line, unit: UnitId, version: i32) -> String {
    let paragraph = |number: i64| {
        let mended = if number < i64::from(version) { "見直し済み。" } else { "" };
        format!("{number}. {}の{number}番目の段落です。{mended}（デモの文章 {unit}）\n", line.what)
    };
    (1..=ROWS).map(paragraph).collect()
}
