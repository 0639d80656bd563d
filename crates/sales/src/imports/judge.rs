//! What each row of a chunk would do, and doing it: the same judgement serves the look beforehand and the deed, so that
//! they cannot disagree.

use std::collections::{BTreeSet, HashMap};

use db::{DbError, Tx};
use files::rows::{Encoding, unguarded};
use kernel::{Code, FieldProblem, Invalid};
use serde::Serialize;

use super::changes;
use super::memory;
use super::model::{Import, ImportKind, ImportState, Outcome, RowBound, RowProblem, Verdict};
use super::store::{self, Deed, Finding, StagedRow};
use super::target::{Cells, Existing, Found, Likeness, Linked, Meant, Refused, Sign, Target};

/// The longest id that another system gives a thing.
const MOST_EXTERNAL_ID: usize = 100;

/// What a row asks for.
enum Plan<I> {
    Nothing,
    Create(I),
    Update(Existing<I>, I),
}

/// A row with what was found about it.
struct Judged<I> {
    line: i64,
    external_id: String,
    finding: Finding,
    plan: Plan<I>,
}

/// What the town has around a chunk of rows, and what was found about each.
type JudgedRows<T> = (T, Vec<Judged<<T as Target>::Input>>);

/// Reads staged rows by what their columns are.
pub(super) fn read(import: &Import, staged: Vec<StagedRow>) -> Vec<Cells> {
    staged.into_iter().map(|row| read_one(import, row)).collect()
}

fn read_one(import: &Import, row: StagedRow) -> Cells {
    let mut problems = Vec::new();
    if row.is_unclosed {
        problems.push(RowProblem::new("", "", Code::UnclosedQuote));
    }
    let beyond = row.cells.iter().skip(import.headers.len()).find(|cell| !cell.trim().is_empty());
    if let Some(cell) = beyond {
        problems.push(RowProblem::new("", cell, Code::TooManyCells));
    }
    let mut values = Vec::new();
    for (field, cell) in import.columns.iter().zip(&row.cells).filter(|(field, _)| !field.is_empty()) {
        let value = unguarded(cell);
        if matches!(import.encoding, Some(Encoding::Cp932 | Encoding::EucJp)) && value.contains('\u{fffd}') {
            problems.push(RowProblem::new(field, value, Code::Undecodable));
        } else if !value.trim().is_empty() {
            let ours = if field == "stage" { import.beside.stage(value) } else { None };
            values.push((field.clone(), ours.unwrap_or(value).to_owned()));
        }
    }
    values.extend(unsaid(import));
    let cells = Cells { number: row.number, line: row.line, values, verdict: row.verdict, problems };
    let external_id = cells.get("external_id");
    if external_id.chars().count() > MOST_EXTERNAL_ID {
        let problem = FieldProblem::bounded("external_id", Code::TooLong, 100);
        return Cells { problems: vec![RowProblem::of(&problem, external_id)], ..cells };
    }
    cells
}

/// What counts where a row does not say it.
fn unsaid(import: &Import) -> impl Iterator<Item = (String, String)> {
    let beside = &import.beside;
    // Half of it says nothing: a day that was over was taken out when the file came again.
    let day = beside.next_action_on.filter(|_| !beside.next_action.is_empty());
    let said = day.map(|day| {
        [("unsaid_next_action", beside.next_action.clone()), ("unsaid_next_action_on", day.to_string())]
    });
    said.into_iter().flatten().map(|(field, value)| (field.to_owned(), value))
}

/// Judges rows and writes what was found; nothing else is changed.
pub(super) fn check<T: Target>(tx: &mut Tx<'_>, import: &mut Import, rows: &[Cells]) -> Result<(), DbError> {
    let (known, mut judged) = judge::<T>(tx, import, rows)?;
    if T::IS_TRIED {
        for one in &mut judged {
            attempt(tx, &known, rows, one)?;
        }
    }
    for one in &judged {
        match one.finding.verdict {
            Verdict::New => import.rows_new += 1,
            Verdict::Changed => import.rows_changed += 1,
            Verdict::Same => import.rows_same += 1,
            Verdict::Bad => import.rows_bad += 1,
        }
        import.rows_alike += i32::from(one.finding.is_alike());
    }
    let findings: Vec<Finding> = judged.into_iter().map(|one| one.finding).collect();
    store::write_findings(tx, import.id, &findings)
}

/// Tries a change and takes it back, so that its own rules say whether it would go.
fn attempt<T: Target>(
    tx: &mut Tx<'_>,
    known: &T,
    rows: &[Cells],
    judged: &mut Judged<T::Input>,
) -> Result<(), DbError> {
    let Plan::Update(existing, input) = &judged.plan else { return Ok(()) };
    let tried = tx.savepoint(|tx| match known.update(tx, existing.id, existing.version, input) {
        // Taken back by this error, which means that it went well.
        Ok(_version) => Err::<(), Tried>(Tried::Well),
        Err(Refused::Row(problems)) => Err(Tried::Badly(problems)),
        Err(Refused::Again(error)) => Err(Tried::Db(error)),
    });
    match tried {
        Err(Tried::Badly(problems)) => {
            judged.refuse(rows, problems);
            Ok(())
        }
        Err(Tried::Db(error)) => Err(error),
        Ok(()) | Err(Tried::Well) => Ok(()),
    }
}

enum Tried {
    Well,
    Badly(Vec<RowProblem>),
    Db(DbError),
}

impl From<DbError> for Tried {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl<I> Judged<I> {
    fn refuse(&mut self, rows: &[Cells], problems: Vec<RowProblem>) {
        let row = rows.iter().find(|row| row.number == self.finding.number);
        let value = |field: &str| row.map_or("", |row| row.get(field));
        let with_value = |problem: RowProblem| {
            let shown =
                if problem.value.is_empty() { value(&problem.field).to_owned() } else { problem.value };
            RowProblem { value: shown, ..problem }
        };
        self.finding.verdict = Verdict::Bad;
        self.finding.identity = None;
        self.finding.unique_key = None;
        self.finding.alike.clear();
        self.finding.alike_lines.clear();
        self.finding.likeness = Likeness::default();
        self.finding.changes.clear();
        self.finding.problems = problems.into_iter().map(with_value).collect();
        self.plan = Plan::Nothing;
    }
}

/// Judges rows again and does what they ask for; what has turned bad meanwhile does nothing.
pub(super) fn apply<T: Target>(tx: &mut Tx<'_>, import: &mut Import, rows: &[Cells]) -> Result<(), DbError> {
    let (known, mut judged) = judge::<T>(tx, import, rows)?;
    let mut deeds = created(tx, &known, &mut judged)?;
    for one in &mut judged {
        deeds.extend(updated(tx, &known, rows, one)?);
    }
    let count = |outcome| {
        i32::try_from(deeds.iter().filter(|deed| deed.outcome == outcome).count()).unwrap_or(i32::MAX)
    };
    import.rows_created += count(Outcome::Created);
    import.rows_updated += count(Outcome::Updated);
    let links: Vec<(&str, i64)> = judged
        .iter()
        .filter(|one| !one.external_id.is_empty() && one.finding.verdict != Verdict::Bad)
        .filter_map(|one| Some((one.external_id.as_str(), one.finding.target?)))
        .collect();
    if !links.is_empty() {
        memory::link(tx, import, &links)?;
    }
    let good = judged.iter().zip(rows).filter(|(one, _)| one.finding.verdict != Verdict::Bad);
    let told: Vec<(i64, &Cells)> = good.filter_map(|(one, row)| Some((one.finding.target?, row))).collect();
    T::told(tx, import.id, &told)?;
    // What was found before and is so still stands there; what rows are about now stands with their deeds.
    let news = judged.into_iter().zip(rows).filter(|(one, row)| Some(one.finding.verdict) != row.verdict);
    let findings: Vec<Finding> = news.map(|(one, _)| one.finding).collect();
    store::write_findings(tx, import.id, &findings)?;
    store::write_deeds(tx, import.id, &deeds)
}

/// Makes what is new, all at once.
fn created<T: Target>(
    tx: &mut Tx<'_>,
    known: &T,
    judged: &mut [Judged<T::Input>],
) -> Result<Vec<Deed>, DbError> {
    let mut makers: Vec<&mut Judged<T::Input>> =
        judged.iter_mut().filter(|one| matches!(one.plan, Plan::Create(_))).collect();
    let inputs: Vec<T::Input> = makers
        .iter()
        .filter_map(|one| if let Plan::Create(input) = &one.plan { Some(input.clone()) } else { None })
        .collect();
    if inputs.is_empty() {
        return Ok(Vec::new());
    }
    let ids = known.create(tx, &inputs).map_err(|refused| match refused {
        Refused::Again(error) => error,
        // Each input was settled a moment ago: only a race can refuse it, and the chunk is judged again.
        Refused::Row(problems) => {
            log::warn!("an import's chunk was refused as a whole: {problems:?}");
            DbError::NotFound
        }
    })?;
    let mut deeds = Vec::with_capacity(ids.len());
    for (one, id) in makers.iter_mut().zip(ids) {
        one.finding.target = Some(id);
        let number = one.finding.number;
        deeds.push(Deed { number, outcome: Outcome::Created, target: id, version: 1, before: None });
    }
    Ok(deeds)
}

/// Changes what one row changes; a rule that refuses it makes the row bad.
fn updated<T: Target>(
    tx: &mut Tx<'_>,
    known: &T,
    rows: &[Cells],
    judged: &mut Judged<T::Input>,
) -> Result<Option<Deed>, DbError> {
    let Plan::Update(existing, input) = &judged.plan else { return Ok(None) };
    let (id, before) = (existing.id, serde_json::to_value(&existing.input).unwrap_or_default());
    let done = tx.savepoint(|tx| match known.update(tx, id, existing.version, input) {
        Ok(version) => Ok(version),
        Err(Refused::Row(problems)) => Err(Tried::Badly(problems)),
        Err(Refused::Again(error)) => Err(Tried::Db(error)),
    });
    match done {
        Ok(version) => Ok(Some(Deed {
            number: judged.finding.number,
            outcome: Outcome::Updated,
            target: id,
            version,
            before: Some(before),
        })),
        Err(Tried::Badly(problems)) => {
            judged.refuse(rows, problems);
            Ok(None)
        }
        Err(Tried::Db(error)) => Err(error),
        Err(Tried::Well) => Ok(None),
    }
}

fn judge<T: Target>(tx: &mut Tx<'_>, import: &Import, rows: &[Cells]) -> Result<JudgedRows<T>, DbError> {
    let external_ids: Vec<&str> =
        rows.iter().map(|row| row.get("external_id")).filter(|id| !id.is_empty()).collect();
    let linked = match external_ids.as_slice() {
        [] => Linked::default(),
        ids => Linked::by(memory::linked(tx, T::KIND, ids)?),
    };
    let known = T::know(tx, rows, &linked)?;
    let mut judged: Vec<Judged<T::Input>> = rows.iter().map(|row| one(&known, row, &linked)).collect();
    if import.state == ImportState::Checking {
        told_apart::<T>(tx, import, rows, &mut judged)?;
        alike_here(tx, import, rows, &mut judged)?;
    } else {
        not_made_here::<T>(tx, import, rows, &mut judged)?;
    }
    Ok((known, judged))
}

/// Refuses rows that say what an earlier row of the file has said. Only the good ones are applied.
fn told_apart<T: Target>(
    tx: &mut Tx<'_>,
    import: &Import,
    rows: &[Cells],
    judged: &mut [Judged<T::Input>],
) -> Result<(), DbError> {
    let keys: Vec<&str> = judged.iter().flat_map(|one| one.finding.keys()).collect();
    let first = rows.first().map_or(0, |row| row.number);
    let mut said = store::said_before(tx, import.id, &keys, first)?;
    for (one, row) in judged.iter_mut().zip(rows) {
        let keys: Vec<String> = one.finding.keys().map(str::to_owned).collect();
        match keys.iter().find_map(|key| Some((key, *said.get(key)?))) {
            Some((key, line)) => one.refuse(rows, vec![twice(field_of(T::KIND, row, key), line)]),
            None => said.extend(keys.into_iter().map(|key| (key, one.line))),
        }
    }
    Ok(())
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
fn alike_here<I>(
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
    let mut borne: HashMap<(Sign, String), i64> = store::borne_before(tx, import.id, &signs, first)?;
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
fn not_made_here<T: Target>(
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
    let made = store::made_by(tx, import.id, &targets)?;
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

/// Judges one row by itself.
fn one<T: Target>(known: &T, row: &Cells, linked: &Linked) -> Judged<T::Input> {
    let external_id = row.get("external_id").to_owned();
    let mut judged = Judged {
        line: row.line,
        external_id,
        finding: Finding {
            number: row.number,
            verdict: Verdict::Bad,
            identity: None,
            unique_key: None,
            problems: row.problems.clone(),
            alike: Vec::new(),
            alike_lines: Vec::new(),
            likeness: Likeness::default(),
            changes: Vec::new(),
            target: None,
        },
        plan: Plan::Nothing,
    };
    if !row.problems.is_empty() {
        return judged;
    }
    let (current, identity) = match found(known, row, linked) {
        Found::One(existing) => {
            let identity = format!("#{}", existing.id);
            (Some(existing), identity)
        }
        Found::Nothing(identity) => (None, identity),
        Found::Unclear(problem) => {
            judged.finding.problems = unclear(known, row, problem);
            return judged;
        }
    };
    match asked(known, row, current.as_ref()) {
        Err(problems) => judged.finding.problems = problems,
        Ok(input) => judged.decide(known, current, identity, input),
    }
    judged
}

impl<I: Clone + PartialEq + Serialize> Judged<I> {
    fn decide<T: Target<Input = I>>(
        &mut self,
        known: &T,
        current: Option<Existing<I>>,
        identity: String,
        input: I,
    ) {
        self.finding.identity = Some(identity);
        self.finding.unique_key = known.unique_key(&input);
        self.finding.target = current.as_ref().map(|existing| existing.id);
        (self.finding.verdict, self.plan) = match current {
            Some(existing) if existing.input == input => (Verdict::Same, Plan::Nothing),
            Some(existing) => {
                self.finding.changes = changes::between(T::KIND, &existing.input, &input);
                (Verdict::Changed, Plan::Update(existing, input))
            }
            None => {
                self.finding.alike = known.alike(&input).into_iter().take(5).collect();
                self.finding.likeness = T::likeness(&input);
                (Verdict::New, Plan::Create(input))
            }
        };
    }
}

/// What the row is about: by Yui's own id, by the id it has elsewhere, by what the kind is recognised by.
fn found<T: Target>(known: &T, row: &Cells, linked: &Linked) -> Found<T::Input> {
    let id = row.get("yui_id");
    if !id.is_empty() {
        let unknown = || Found::Unclear(RowProblem::new("yui_id", id, Code::UnknownChoice));
        let id = kernel::text::fold_width(id).parse().ok();
        return id.and_then(|id| known.by_id(id)).map_or_else(unknown, Found::One);
    }
    if let Some(existing) = linked.of_row(row).and_then(|id| known.by_id(id)) {
        return Found::One(existing);
    }
    let external_id = row.get("external_id");
    match known.find(row) {
        Found::Nothing(_) if !external_id.is_empty() => Found::Nothing(format!("external {external_id}")),
        found => found,
    }
}

/// What is wrong with a row of which it cannot be said what it is about: that, and whatever it says that is wrong in any
/// case. What a new thing would have to say as well is told only where the row is about none that is there.
fn unclear<T: Target>(known: &T, row: &Cells, problem: RowProblem) -> Vec<RowProblem> {
    let is_new = problem.field == "company";
    let more = asked(known, row, None).err().unwrap_or_default();
    let counts =
        |other: &RowProblem| other.field != problem.field && (is_new || !row.get(&other.field).is_empty());
    let more: Vec<RowProblem> = more.into_iter().filter(counts).collect();
    std::iter::once(problem).chain(more).collect()
}

/// The input a row means, as it would be stored; what stands there where the row says nothing else. Whatever is wrong with
/// it is told at once, each field once.
fn asked<T: Target>(
    known: &T,
    row: &Cells,
    current: Option<&Existing<T::Input>>,
) -> Result<T::Input, Vec<RowProblem>> {
    let Meant { input, mut problems } = known.meant(row, current.map(|existing| &existing.input));
    let Some(input) = input else { return Err(problems) };
    // What is there already is right, even where its rules were other ones when it was entered.
    if problems.is_empty() && current.is_some_and(|existing| existing.input == input) {
        return Ok(input);
    }
    match known.settled(&input, current) {
        Ok(settled) if problems.is_empty() => return Ok(settled),
        Ok(_) => {}
        Err(Invalid(more)) => {
            for problem in more {
                // `company_id` is what a column `company` leads to.
                let column = problem.field.strip_suffix("_id").unwrap_or(&problem.field);
                if problems.iter().all(|told| told.field != problem.field && told.field != column) {
                    problems.push(RowProblem::of(&problem, row.get(&problem.field)));
                }
            }
        }
    }
    Err(problems)
}
