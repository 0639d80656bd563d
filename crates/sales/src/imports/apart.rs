//! Rows of one file beside each other: what one says twice, what looks like a row before it, and what an earlier one has made.

use std::collections::{BTreeSet, HashMap};

use db::{DbError, Tx};
use kernel::Code;
use kernel::text::fold_width;

use super::judge::{self, Judged, Plan};
use super::model::{Import, ImportKind, RowBound, RowProblem, Verdict};
use super::said;
use super::target::{Cells, Sign, Target};

/// Finds rows that are about what an earlier row of the file is about. Whoever says nothing that this one has not said repeats
/// it, and nothing is done twice; whoever says what is there anyway, and nothing against it, is left as it is; anything else is
/// refused, because the file says two things of one. Only the good ones are applied.
pub(super) fn told_apart<T: Target>(
    tx: &mut Tx<'_>,
    import: &Import,
    rows: &[Cells],
    judged: &mut [Judged<T::Input>],
) -> Result<(), DbError> {
    let keys: Vec<&str> = judged.iter().flat_map(|one| one.finding.keys()).collect();
    let first = rows.first().map_or(0, |row| row.number);
    let before = said::before(tx, import.id, &keys, first)?;
    let mut said: HashMap<String, Cells> =
        before.into_iter().map(|(key, row)| (key, judge::read_one(import, row))).collect();
    for (one, row) in judged.iter_mut().zip(rows) {
        let keys: Vec<String> = one.finding.keys().map(str::to_owned).collect();
        match keys.iter().find_map(|key| Some((key, said.get(key)?))) {
            Some((_, earlier)) if says_no_more(row, earlier) => one.repeat(earlier.line),
            Some((_, earlier)) if one.finding.verdict == Verdict::Same && !contradicts(row, earlier) => {}
            Some((key, earlier)) => {
                let problem = twice(field_of(T::KIND, row, key), earlier.line);
                one.refuse(rows, vec![problem]);
            }
            None => said.extend(keys.into_iter().map(|key| (key, row.clone()))),
        }
    }
    Ok(())
}

/// Whether everything that `row` says stands in `earlier` as well.
fn says_no_more(row: &Cells, earlier: &Cells) -> bool {
    row.values.iter().all(|(field, value)| is_one(value, earlier.get(field)))
}

/// Whether both say something of one field, and not the same.
fn contradicts(row: &Cells, earlier: &Cells) -> bool {
    row.values.iter().any(|(field, value)| {
        let other = earlier.get(field);
        !other.is_empty() && !is_one(value, other)
    })
}

/// Whether two values are one, however wide their letters are.
fn is_one(value: &str, other: &str) -> bool {
    fold_width(value.trim()) == fold_width(other.trim())
}

/// What repeats a row that has turned out bad is bad for the same reason.
pub(super) fn bad_as_repeated<I>(rows: &[Cells], judged: &mut [Judged<I>]) {
    let bad: HashMap<i64, Vec<RowProblem>> = judged
        .iter()
        .filter(|one| one.finding.verdict == Verdict::Bad)
        .map(|one| (one.line, one.finding.problems.clone()))
        .collect();
    for one in judged {
        if let Some(problems) = one.finding.repeats.and_then(|line| bad.get(&line)) {
            one.refuse(rows, problems.clone());
        }
    }
}

/// The field by which a row says what another has said.
fn field_of(kind: ImportKind, row: &Cells, key: &str) -> &'static str {
    let has = |field: &str| !row.get(field).is_empty();
    let is_known = key.starts_with('#');
    match kind {
        _ if is_known && has("yui_id") => "yui_id",
        _ if has("external_id") && (is_known || key.starts_with("external ")) => "external_id",
        ImportKind::Companies if key.starts_with("number ") => "corporate_number",
        ImportKind::Companies => "name",
        ImportKind::Contacts if has("family_name") => "family_name",
        ImportKind::Contacts => "full_name",
        ImportKind::Leads => "company_name",
        ImportKind::Deals => "title",
    }
}

/// Notes for new things which lines before them they look like; as with those that are there already, they go in.
pub(super) fn alike_here<I>(
    tx: &mut Tx<'_>,
    import: &Import,
    rows: &[Cells],
    judged: &mut [Judged<I>],
) -> Result<(), DbError> {
    let first = rows.first().map_or(0, |row| row.number);
    let signs: Vec<(Sign, &str)> = judged.iter().flat_map(|one| one.finding.likeness.signs()).collect();
    if signs.is_empty() {
        return Ok(());
    }
    let mut borne: HashMap<(Sign, String), i64> = said::borne_before(tx, import.id, &signs, first)?;
    for one in judged {
        let own: Vec<(Sign, String)> =
            one.finding.likeness.signs().map(|(sign, key)| (sign, key.to_owned())).collect();
        let lines: BTreeSet<i64> = own.iter().filter_map(|sign| borne.get(sign).copied()).collect();
        one.finding.alike_lines = lines.into_iter().collect();
        for sign in own {
            borne.entry(sign).or_insert(one.line);
        }
    }
    Ok(())
}

/// Refuses to change what an earlier row of the same file has made: it would be there as neither of them says, and taking
/// the import back could not tell whose it is.
pub(super) fn not_made_here<T: Target>(
    tx: &mut Tx<'_>,
    import: &Import,
    rows: &[Cells],
    judged: &mut [Judged<T::Input>],
) -> Result<(), DbError> {
    let changed = |one: &Judged<T::Input>| {
        if let Plan::Update(existing, _) = &one.plan { Some(existing.id) } else { None }
    };
    let targets: Vec<i64> = judged.iter().filter_map(changed).collect();
    if targets.is_empty() {
        return Ok(());
    }
    let made = said::made_by(tx, import.id, &targets)?;
    for (one, row) in judged.iter_mut().zip(rows) {
        if let Some(line) = changed(one).and_then(|target| made.get(&target)) {
            one.refuse(rows, vec![twice(field_of(T::KIND, row, "#"), *line)]);
        }
    }
    Ok(())
}

/// That line `line` has said it already, by that field.
fn twice(field: &str, line: i64) -> RowProblem {
    RowProblem { bound: Some(RowBound::Line(line)), ..RowProblem::new(field, "", Code::TwiceInFile) }
}
