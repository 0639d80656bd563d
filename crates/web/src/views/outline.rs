//! The builder's form: an outline of groups and conditions as hidden and visible fields, and the buttons that change it
//! without keeping anything.

use db::filter::{Joined, Operator};
use kernel::Typed;
use sales::views::{RowInput, View, ViewInput, ViewKind};

use crate::forms::Form;

/// How many rows a form is read for; the verb refuses fewer.
const MOST_ROWS: usize = 60;

/// The form as the verb's input.
pub(super) fn read(form: &Form) -> ViewInput {
    let list = |name: &str| form.all(name).into_iter().map(Typed).collect::<Vec<Typed>>();
    let row = |index: usize| {
        let at = |field: &str| Typed(form.get(&format!("rows[{index}].{field}")).to_owned());
        RowInput {
            depth: at("depth"),
            joined: at("joined"),
            field: at("field"),
            operator: at("operator"),
            values: [list(&format!("rows[{index}].values")), list(&format!("rows[{index}].to"))].concat(),
        }
    };
    let is_there = |index: &usize| !form.get(&format!("rows[{index}].depth")).is_empty();
    ViewInput {
        kind: form.get("kind").into(),
        name: form.get("name").into(),
        is_shared: form.get("is_shared").into(),
        sort: form.get("sort").into(),
        columns: list("columns[]"),
        joined: form.get("joined").into(),
        rows: (0..MOST_ROWS).take_while(is_there).map(row).collect(),
    }
}

/// The form that a view is changed in.
pub(super) fn of(view: &View) -> ViewInput {
    let saved = &view.saved;
    let row = |row: &sales::views::OutlineRow| RowInput {
        depth: row.depth.to_string().into(),
        joined: row.joined.map(Joined::as_str).unwrap_or_default().into(),
        field: row.field.unwrap_or_default().into(),
        operator: row.operator.map(Operator::as_str).unwrap_or_default().into(),
        values: row.values.iter().map(|value| value.as_str().into()).collect(),
    };
    ViewInput {
        kind: saved.kind.as_str().into(),
        name: saved.name.as_str().into(),
        is_shared: if saved.is_shared { "yes" } else { "" }.into(),
        sort: saved.sort.as_str().into(),
        columns: saved.columns.iter().map(|column| column.as_str().into()).collect(),
        joined: view.joined.as_str().into(),
        rows: view.rows.iter().map(row).collect(),
    }
}

/// An input as the form that shows it.
pub(super) fn form(input: &ViewInput) -> Form {
    let mut form = Form::default()
        .preset("kind", &input.kind)
        .preset("name", &input.name)
        .preset("is_shared", &input.is_shared)
        .preset("sort", &input.sort)
        .preset("joined", &input.joined);
    for column in &input.columns {
        form = form.preset("columns[]", column);
    }
    for (index, row) in input.rows.iter().enumerate() {
        let at = |field: &str| format!("rows[{index}].{field}");
        form = form
            .preset(&at("depth"), &row.depth)
            .preset(&at("joined"), &row.joined)
            .preset(&at("field"), &row.field)
            .preset(&at("operator"), &row.operator);
        for value in &row.values {
            form = form.preset(&at("values"), value);
        }
        if let Some(to) = row.values.get(1) {
            form = form.preset(&at("to"), to);
        }
    }
    form
}

/// What a button of the builder does. A group is named by its row, the outermost by nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Shows the form again with what its conditions come to.
    Look,
    /// Adds a condition to a group, about the field that is chosen beside the button.
    Add(Option<usize>),
    /// Adds a group to a group.
    Group(Option<usize>),
    /// Takes a row away, with all that stands in it.
    Remove(usize),
    /// Puts a row before the one above it.
    Up(usize),
    /// Puts a row behind the one below it.
    Down(usize),
    /// Puts a column before the one left of it.
    ColumnUp(String),
    /// Puts a column behind the one right of it.
    ColumnDown(String),
    /// Keeps the view.
    Save,
}

impl Step {
    /// The button that was pressed; none or an unknown one changes nothing.
    pub(super) fn of(form: &Form) -> Self {
        let step = form.get("step");
        let (word, place) = step.split_once(':').unwrap_or((step, ""));
        let group = place.parse().ok();
        match (word, group) {
            ("save", _) => Self::Save,
            ("add", group) => Self::Add(group),
            ("group", group) => Self::Group(group),
            ("remove", Some(row)) => Self::Remove(row),
            ("up", Some(row)) => Self::Up(row),
            ("down", Some(row)) => Self::Down(row),
            ("column-up", _) => Self::ColumnUp(place.to_owned()),
            ("column-down", _) => Self::ColumnDown(place.to_owned()),
            _ => Self::Look,
        }
    }

    /// Changes the form as the button says.
    pub(super) fn apply(&self, form: &Form, kind: ViewKind, input: &mut ViewInput) {
        let rows = &mut input.rows;
        match *self {
            Self::Add(group) => {
                let place = group.map_or_else(|| "root".to_owned(), |group| group.to_string());
                if let Some(row) = fresh(kind, form.get(&format!("add_{place}")), depth_within(rows, group)) {
                    rows.insert(end_of(rows, group), row);
                }
            }
            Self::Group(group) => {
                let row = RowInput {
                    depth: depth_within(rows, group).to_string().into(),
                    joined: "any".into(),
                    ..RowInput::default()
                };
                rows.insert(end_of(rows, group), row);
            }
            Self::Remove(row) if row < rows.len() => {
                rows.drain(row..end_of(rows, Some(row)));
            }
            Self::Up(row) => {
                if let Some(before) = sibling_before(rows, row) {
                    let end = end_of(rows, Some(row));
                    turn(rows, before, row, end);
                }
            }
            Self::Down(row) => {
                let after = end_of(rows, Some(row));
                if rows.get(after).is_some_and(|next| depth(next) == rows.get(row).map_or(0, depth)) {
                    let end = end_of(rows, Some(after));
                    turn(rows, row, after, end);
                }
            }
            Self::ColumnUp(ref column) => {
                let at = input.columns.iter().position(|one| one.as_str() == column);
                if let Some(at) = at.filter(|at| *at > 0) {
                    input.columns.swap(at - 1, at);
                }
            }
            Self::ColumnDown(ref column) => {
                let at = input.columns.iter().position(|one| one.as_str() == column);
                if let Some(at) = at.filter(|at| at + 1 < input.columns.len()) {
                    input.columns.swap(at, at + 1);
                }
            }
            Self::Look | Self::Save | Self::Remove(_) => {}
        }
    }
}

/// A new condition about a field, asking what is asked of it most.
fn fresh(kind: ViewKind, field: &str, depth: usize) -> Option<RowInput> {
    let field = kind.field(field)?;
    let operator = field.kind.operators().first()?;
    Some(RowInput {
        depth: depth.to_string().into(),
        field: field.name.into(),
        operator: operator.as_str().into(),
        ..RowInput::default()
    })
}

pub(super) fn depth(row: &RowInput) -> usize {
    row.depth.as_str().trim().parse().unwrap_or(1)
}

fn depth_within(rows: &[RowInput], group: Option<usize>) -> usize {
    group.and_then(|group| rows.get(group)).map_or(1, |row| depth(row) + 1)
}

/// Where what stands in a row ends; of the outermost group, behind everything.
fn end_of(rows: &[RowInput], row: Option<usize>) -> usize {
    let Some((row, own)) = row.and_then(|row| Some((row, depth(rows.get(row)?)))) else { return rows.len() };
    let within = rows.iter().skip(row + 1).take_while(|below| depth(below) > own).count();
    row + 1 + within
}

/// The row above at the same depth in the same group.
fn sibling_before(rows: &[RowInput], row: usize) -> Option<usize> {
    let own = depth(rows.get(row)?);
    let above = rows.iter().enumerate().take(row).rev();
    above
        .take_while(|(_, above)| depth(above) >= own)
        .find(|(_, above)| depth(above) == own)
        .map(|(at, _)| at)
}

/// Puts `second..end` before `first..second`.
fn turn(rows: &mut [RowInput], first: usize, second: usize, end: usize) {
    if let Some(both) = rows.get_mut(first..end) {
        both.rotate_left(second - first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(step: &str) -> Form {
        let rows = ["1 a", "1 any", "2 b", "2 all", "3 c", "1 d"];
        let mut form =
            Form::default().preset("kind", "deals").preset("step", step).preset("add_root", "amount");
        for (index, row) in rows.iter().enumerate() {
            let (depth, word) = row.split_once(' ').unwrap();
            let field = if matches!(word, "any" | "all") { "joined" } else { "field" };
            form = form
                .preset(&format!("rows[{index}].depth"), depth)
                .preset(&format!("rows[{index}].{field}"), word);
        }
        form.preset("add_3", "title").preset("columns[]", "company").preset("columns[]", "amount")
    }

    fn after(step: &str) -> Vec<String> {
        let form = form(step);
        let mut input = read(&form);
        Step::of(&form).apply(&form, ViewKind::Deals, &mut input);
        let word = |row: &RowInput| format!("{}{}{}", row.depth, row.joined, row.field);
        input.rows.iter().map(word).collect()
    }

    #[test]
    fn buttons_change_the_outline_and_nothing_else() {
        assert_eq!(after("look"), ["1a", "1any", "2b", "2all", "3c", "1d"]);
        assert_eq!(after("add:"), ["1a", "1any", "2b", "2all", "3c", "1d", "1amount"]);
        assert_eq!(after("add:3"), ["1a", "1any", "2b", "2all", "3c", "3title", "1d"]);
        assert_eq!(after("group:1"), ["1a", "1any", "2b", "2all", "3c", "2any", "1d"]);
        assert_eq!(after("remove:1"), ["1a", "1d"]);
        assert_eq!(after("up:1"), ["1any", "2b", "2all", "3c", "1a", "1d"]);
        assert_eq!(after("up:3"), ["1a", "1any", "2all", "3c", "2b", "1d"]);
        assert_eq!(after("up:2"), ["1a", "1any", "2b", "2all", "3c", "1d"], "nothing leaves its group");
        assert_eq!(after("down:0"), ["1any", "2b", "2all", "3c", "1a", "1d"]);
        assert_eq!(after("down:5"), ["1a", "1any", "2b", "2all", "3c", "1d"]);
        for beyond in
            ["remove:99", "up:99", "down:99", "add:99", "column-up:shoe", "column-down:amount", "up:x"]
        {
            assert!(after(beyond).len() >= 6, "{beyond}");
        }
    }

    #[test]
    fn columns_change_places() {
        let form = form("column-up:amount");
        let mut input = read(&form);
        Step::of(&form).apply(&form, ViewKind::Deals, &mut input);
        assert_eq!(input.columns, [Typed::from("amount"), Typed::from("company")]);
    }
}
