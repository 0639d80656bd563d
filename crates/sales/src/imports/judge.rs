//! What each row of a chunk would do, and doing it: the same judgement serves the look beforehand and the deed, so that
//! they cannot disagree.

use db::{DbError, Tx};
use files::rows::{Encoding, unguarded};
use kernel::{Code, FieldProblem, Invalid};
use serde::Serialize;

use super::apart;
use super::cells;
use super::changes;
use super::fields;
use super::memory;
use super::model::{Import, ImportKind, ImportState, Outcome, RowProblem, Verdict};
use super::store::{self, Deed, Finding, StagedRow};
use super::target::{Cells, Existing, Found, Linked, Meant, Refused, Target};

/// The longest id that another system gives a thing.
const MOST_EXTERNAL_ID: usize = 100;

/// What a row asks for.
pub(super) enum Plan<I> {
    Nothing,
    Create(I),
    Update(Existing<I>, I),
}

/// A row with what was found about it.
pub(super) struct Judged<I> {
    pub(super) line: i64,
    external_id: String,
    pub(super) finding: Finding,
    pub(super) plan: Plan<I>,
}

/// What the town has around a chunk of rows, and what was found about each.
type JudgedRows<T> = (T, Vec<Judged<<T as Target>::Input>>);

/// Reads staged rows by what their columns are.
pub(super) fn read(import: &Import, staged: Vec<StagedRow>) -> Vec<Cells> {
    staged.into_iter().map(|row| read_one(import, row)).collect()
}

pub(super) fn read_one(import: &Import, row: StagedRow) -> Cells {
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
            let day = import.beside.days.get(field).map(|order| order.read(value));
            let ours = || import.beside.ours(field, value).unwrap_or(value).to_owned();
            values.push((field.clone(), day.unwrap_or_else(ours)));
        }
    }
    let name = values.iter().find(|(field, _)| field == "name");
    // The name of a company may have any sign in it; a file of persons or deals joins those of several.
    if let Some((field, name)) = name
        && import.kind == ImportKind::Companies
        && cells::holds_two(name)
        && fields::is_of_others(&import.headers)
    {
        problems.push(RowProblem::new(field, name, Code::TwoInOneCell));
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
        apart::bad_as_repeated(rows, &mut judged);
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
    /// Does nothing, because line `line` does it.
    pub(super) fn repeat(&mut self, line: i64) {
        self.leave(Verdict::Same);
        self.finding.repeats = Some(line);
    }

    pub(super) fn refuse(&mut self, rows: &[Cells], problems: Vec<RowProblem>) {
        let row = rows.iter().find(|row| row.number == self.finding.number);
        let value = |field: &str| row.map_or("", |row| row.get(field));
        let with_value = |problem: RowProblem| {
            let shown =
                if problem.value.is_empty() { value(&problem.field).to_owned() } else { problem.value };
            RowProblem { value: shown, ..problem }
        };
        self.leave(Verdict::Bad);
        self.finding.problems = problems.into_iter().map(with_value).collect();
    }

    /// Nothing comes of it, and no row after it is measured by it.
    fn leave(&mut self, verdict: Verdict) {
        self.finding = Finding { target: self.finding.target, ..Finding::of(self.finding.number, verdict) };
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
        apart::told_apart::<T>(tx, import, rows, &mut judged)?;
        apart::alike_here(tx, import, rows, &mut judged)?;
    } else {
        apart::not_made_here::<T>(tx, import, rows, &mut judged)?;
    }
    Ok((known, judged))
}

/// Judges one row by itself.
fn one<T: Target>(known: &T, row: &Cells, linked: &Linked) -> Judged<T::Input> {
    let external_id = row.get("external_id").to_owned();
    let mut judged = Judged {
        line: row.line,
        external_id,
        finding: Finding { problems: row.problems.clone(), ..Finding::of(row.number, Verdict::Bad) },
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
    let counts = |other: &RowProblem| {
        let told = other.field.strip_suffix("_id").unwrap_or(&other.field) == problem.field;
        !told && other.field != problem.field && (is_new || !row.get(&other.field).is_empty())
    };
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
