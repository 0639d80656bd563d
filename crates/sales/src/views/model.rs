//! What a saved view is, and what may be entered for one. No database here.

use chrono::{DateTime, Utc};
use clients::{companies, contacts};
use db::filter::{
    Condition, DEEPEST, Field, Group, Joined, Kind, MOST_CONDITIONS, Node, Operator, Sort, SortBy, Test,
};
use kernel::{Bound, Checks, Code, FieldProblem, Invalid, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{deals, leads};

kernel::id!(
    /// A saved view.
    ViewId
);

kernel::text_enum!(
    /// What a view lists.
    ViewKind {
        /// Deals (商談).
        Deals = "deals",
        /// Companies (企業).
        Companies = "companies",
        /// Contacts (担当者).
        Contacts = "contacts",
        /// Leads (見込み).
        Leads = "leads",
    }
);

/// How many groups and conditions a tree has at most, the outermost group left out.
const MOST_ROWS: usize = 39;

impl ViewKind {
    /// What its conditions may be about.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Deals => deals::FIELDS,
            Self::Companies => companies::FIELDS,
            Self::Contacts => contacts::FIELDS,
            Self::Leads => leads::FIELDS,
        }
    }

    /// The orders it may stand in; the first is the usual one.
    pub const fn sorts(self) -> &'static [Sort] {
        match self {
            Self::Deals => deals::SORTS,
            Self::Companies => companies::SORTS,
            Self::Contacts => contacts::SORTS,
            Self::Leads => leads::SORTS,
        }
    }

    /// The columns it may show beside the name, in their usual order.
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Deals => &[
                "company",
                "stage",
                "state",
                "owner",
                "next_action",
                "next_action_on",
                "expected_close_on",
                "moved_at",
                "idle_days",
                "amount",
            ],
            Self::Companies => &["furigana", "address", "corporate_number", "tags"],
            Self::Contacts => &["company", "post", "phone", "email", "furigana", "calls"],
            Self::Leads => &[
                "contact_name",
                "state",
                "source",
                "owner",
                "need",
                "next_action",
                "next_action_on",
                "answer_by",
                "asked_on",
                "created_at",
                "phone",
                "email",
            ],
        }
    }

    /// The columns of a view that names none.
    pub const fn usual_columns(self) -> &'static [&'static str] {
        match self {
            Self::Deals => &["company", "stage", "owner", "next_action_on", "amount"],
            Self::Companies => &["address", "corporate_number", "tags"],
            Self::Contacts => &["company", "phone", "email"],
            Self::Leads => &["contact_name", "state", "owner", "answer_by"],
        }
    }

    /// The field of that name.
    pub fn field(self, name: &str) -> Option<Field> {
        self.fields().iter().find(|field| field.name == name).copied()
    }

    /// The field that a search looks into.
    pub(super) fn searched(self) -> Field {
        let name = if self == Self::Deals { "title" } else { "words" };
        self.field(name).unwrap_or(VANISHED)
    }

    /// The order of that name; the usual one where there is none.
    pub fn sort(self, name: &str) -> Sort {
        let sorts = self.sorts();
        let (first, named) = (sorts.first(), sorts.iter().find(|sort| sort.name == name));
        *named.or(first).unwrap_or(&BY_AGE)
    }
}

/// The order of what has no other.
const BY_AGE: Sort = Sort { name: "created", column: "id", by: SortBy::Number, descending: true };

/// What stands for a condition that this version of the program cannot ask any more: nothing passes it.
pub(super) const VANISHED: Field = Field { name: "vanished", kind: Kind::Blank { column: "''" } };

/// A view without its conditions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SavedView {
    /// Its id.
    pub id: ViewId,
    /// What it lists.
    pub kind: ViewKind,
    /// Its name.
    pub name: String,
    /// Who made it.
    pub person_id: PersonId,
    /// Whether everybody who sells sees it; otherwise only whoever made it.
    pub is_shared: bool,
    /// The columns beside the name, in their order.
    pub columns: Vec<String>,
    /// The order of its rows.
    pub sort: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Counts its changes; a change names the version it was based on.
    pub version: i32,
}

/// A group or a condition of a view, as an outline has them: what stands in a group follows it, one deeper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OutlineRow {
    /// 1 for what stands in the view itself.
    pub depth: u8,
    /// Of a group: how its parts go together.
    #[schemars(with = "Option<String>")]
    pub joined: Option<Joined>,
    /// Of a condition: what it is about.
    pub field: Option<&'static str>,
    /// Of a condition: what is asked.
    #[schemars(with = "Option<String>")]
    pub operator: Option<Operator>,
    /// Of a condition: with which values.
    pub values: Vec<String>,
    /// Of a condition with choices: what those values are called.
    pub labels: Vec<String>,
    /// The choices that the town no longer has; they count for nothing, and a condition with no others passes nothing.
    pub gone: Vec<String>,
}

/// A view with its conditions.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct View {
    /// What it is.
    #[serde(flatten)]
    pub saved: SavedView,
    /// How the parts of the outermost group go together.
    #[schemars(with = "String")]
    pub joined: Joined,
    /// Its groups and conditions as an outline.
    pub rows: Vec<OutlineRow>,
    /// The same as a tree.
    #[serde(skip)]
    pub tree: Group,
}

impl View {
    pub(super) fn of(saved: SavedView, tree: Group) -> Self {
        let mut rows = Vec::new();
        outline(&tree, 1, &mut rows);
        Self { saved, joined: tree.joined, rows, tree }
    }
}

fn outline(group: &Group, depth: u8, rows: &mut Vec<OutlineRow>) {
    for node in &group.nodes {
        match node {
            Node::Group(inner) => {
                rows.push(OutlineRow {
                    depth,
                    joined: Some(inner.joined),
                    field: None,
                    operator: None,
                    values: Vec::new(),
                    labels: Vec::new(),
                    gone: Vec::new(),
                });
                outline(inner, depth + 1, rows);
            }
            Node::Condition(one) => rows.push(OutlineRow {
                depth,
                joined: None,
                field: Some(one.field.name),
                operator: Some(one.test.operator()),
                values: one
                    .test
                    .values()
                    .into_iter()
                    .chain(one.gone.iter().map(|gone| gone.id.to_string()))
                    .collect(),
                labels: one.labels.iter().chain(one.gone.iter().map(|gone| &gone.label)).cloned().collect(),
                gone: one.gone.iter().map(|gone| gone.id.to_string()).collect(),
            }),
        }
    }
}

/// A view as typed into the builder or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{
    "kind": "deals", "name": "今週動かす商談", "is_shared": "yes", "sort": "next_action",
    "columns": ["company", "owner", "next_action_on", "amount"], "joined": "all",
    "rows": [
        { "depth": 1, "field": "state", "operator": "among", "values": ["open"] },
        { "depth": 1, "joined": "any" },
        { "depth": 2, "field": "next_action_on", "operator": "within", "values": ["7"] },
        { "depth": 2, "field": "amount", "operator": "at_least", "values": ["100000"] },
    ],
}]))]
pub struct ViewInput {
    /// What it lists; required, and never another one later.
    #[schemars(with = "ViewKind")]
    pub kind: Typed,
    /// Its name, at most 60 characters; required.
    pub name: Typed,
    /// `yes` for everybody who sells; otherwise it is the maker's own.
    pub is_shared: Typed,
    /// The order of its rows; the usual one where empty.
    pub sort: Typed,
    /// The columns beside the name, in their order; the usual ones where empty.
    pub columns: Vec<Typed>,
    /// `all` where every part has to hold, `any` where one is enough.
    pub joined: Typed,
    /// Its groups and conditions as an outline; none passes everything.
    pub rows: Vec<RowInput>,
}

/// A group or a condition of a view as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "ViewRowInput")]
pub struct RowInput {
    /// 1 for what stands in the view itself, one more for what stands in a group; 1 where empty.
    pub depth: Typed,
    /// Of a group, `all` or `any`; empty for a condition.
    pub joined: Typed,
    /// What a condition is about.
    pub field: Typed,
    /// What is asked.
    pub operator: Typed,
    /// With which values.
    pub values: Vec<Typed>,
}

/// Input that passed every rule but those that need the town's own choices.
#[derive(Debug, Clone)]
pub(super) struct ViewFields {
    pub(super) kind: ViewKind,
    pub(super) name: String,
    pub(super) is_shared: bool,
    pub(super) columns: Vec<String>,
    pub(super) sort: String,
    pub(super) tree: Group,
}

impl ViewInput {
    pub(super) fn checked(&self) -> Result<ViewFields, Invalid> {
        let mut checks = Checks::new();
        let kind: Option<ViewKind> = checks.choice("kind", &self.kind);
        let name = checks.required_line("name", &self.name, 60);
        let mut problems = checks.done(()).err().map(|invalid| invalid.0).unwrap_or_default();
        let Some(kind) = kind else { return Err(Invalid(problems)) };
        let columns = self.read_columns(kind, &mut problems);
        let sort = kind.sort(self.sort.as_str().trim());
        if !self.sort.as_str().trim().is_empty() && sort.name != self.sort.as_str().trim() {
            problems.push(FieldProblem::new("sort", Code::UnknownChoice));
        }
        match self.read_tree(kind) {
            Err(refused) => problems.extend(refused.0),
            Ok(tree) if problems.is_empty() => {
                let is_shared = self.is_shared.is_yes();
                return Ok(ViewFields { kind, name, is_shared, columns, sort: sort.name.to_owned(), tree });
            }
            Ok(_) => {}
        }
        Err(Invalid(problems))
    }

    fn read_columns(&self, kind: ViewKind, problems: &mut Vec<FieldProblem>) -> Vec<String> {
        let mut columns: Vec<String> = Vec::new();
        for typed in self.columns.iter().map(|typed| typed.as_str().trim()).filter(|one| !one.is_empty()) {
            if !kind.columns().contains(&typed) {
                problems.push(FieldProblem::new("columns", Code::UnknownChoice));
            } else if !columns.iter().any(|column| column == typed) {
                columns.push(typed.to_owned());
            }
        }
        if columns.is_empty() {
            return kind.usual_columns().iter().map(|column| (*column).to_owned()).collect();
        }
        columns
    }

    /// The tree alone, for looking at what it would pass before anything is kept.
    pub(super) fn read_tree(&self, kind: ViewKind) -> Result<Group, Invalid> {
        let is_condition = |row: &&RowInput| row.joined.as_str().is_empty();
        if self.rows.len() > MOST_ROWS || self.rows.iter().filter(is_condition).count() > MOST_CONDITIONS {
            let most = i64::try_from(MOST_CONDITIONS).unwrap_or(i64::MAX);
            return Err(Invalid(vec![FieldProblem::bounded("rows", Code::TooMany, Bound::Number(most))]));
        }
        let joined = match self.joined.as_str().trim() {
            "" => Joined::All,
            word => word.parse().map_err(|_unknown| Invalid::field("joined", Code::UnknownChoice))?,
        };
        let mut reader = Reader { kind, rows: &self.rows, at: 0, problems: Vec::new() };
        let tree = reader.group(joined, 1);
        if reader.problems.is_empty() { Ok(tree) } else { Err(Invalid(reader.problems)) }
    }
}

/// Reads an outline from its top.
struct Reader<'r> {
    kind: ViewKind,
    rows: &'r [RowInput],
    at: usize,
    problems: Vec<FieldProblem>,
}

impl Reader<'_> {
    /// What stands at `depth` from here on.
    fn group(&mut self, joined: Joined, depth: u8) -> Group {
        let mut nodes = Vec::new();
        while let Some(row) = self.rows.get(self.at) {
            let own = match row.depth.as_str().trim() {
                "" => 1,
                digits => digits.parse().unwrap_or(u8::MAX),
            };
            if own < depth {
                break;
            }
            let here = self.at;
            self.at += 1;
            if own > depth {
                self.problem(here, FieldProblem::new("depth", Code::OutOfRange));
                continue;
            }
            let node = match row.joined.as_str().trim() {
                "" => self.condition(here, row).map(Node::Condition),
                word => self.inner(here, word, depth).map(Node::Group),
            };
            nodes.extend(node);
        }
        Group { joined, nodes }
    }

    fn inner(&mut self, here: usize, word: &str, depth: u8) -> Option<Group> {
        let Ok(joined) = word.parse() else {
            self.problem(here, FieldProblem::new("joined", Code::UnknownChoice));
            return None;
        };
        if depth >= DEEPEST {
            self.problem(
                here,
                FieldProblem::bounded("depth", Code::OutOfRange, Bound::Number(DEEPEST.into())),
            );
            return None;
        }
        let before = self.problems.len();
        let group = self.group(joined, depth + 1);
        if group.nodes.is_empty() && self.problems.len() == before {
            self.problem(here, FieldProblem::new("joined", Code::Required));
        }
        Some(group)
    }

    fn condition(&mut self, here: usize, row: &RowInput) -> Option<Condition> {
        let Some(field) = self.kind.field(row.field.as_str().trim()) else {
            self.problem(here, FieldProblem::new("field", Code::UnknownChoice));
            return None;
        };
        let Ok(operator) = row.operator.as_str().trim().parse() else {
            self.problem(here, FieldProblem::new("operator", Code::UnknownChoice));
            return None;
        };
        match Test::read(field.kind, operator, &row.values) {
            Ok(test) => Some(Condition { field, test, gone: Vec::new(), labels: Vec::new() }),
            Err(problem) => {
                self.problem(here, problem);
                None
            }
        }
    }

    fn problem(&mut self, row: usize, problem: FieldProblem) {
        self.problems.push(FieldProblem { field: format!("rows[{row}].{}", problem.field), ..problem });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(depth: u8, field: &str, operator: &str, values: &[&str]) -> RowInput {
        RowInput {
            depth: depth.to_string().into(),
            field: field.into(),
            operator: operator.into(),
            values: values.iter().map(|value| (*value).into()).collect(),
            ..RowInput::default()
        }
    }

    fn group(depth: u8, joined: &str) -> RowInput {
        RowInput { depth: depth.to_string().into(), joined: joined.into(), ..RowInput::default() }
    }

    fn input(rows: Vec<RowInput>) -> ViewInput {
        ViewInput { kind: "deals".into(), name: "名前".into(), rows, ..ViewInput::default() }
    }

    fn refused(rows: Vec<RowInput>) -> Vec<(String, Code)> {
        let invalid = input(rows).checked().unwrap_err();
        invalid.0.into_iter().map(|problem| (problem.field, problem.code)).collect()
    }

    #[test]
    fn an_outline_is_read_as_the_tree_it_draws() {
        let rows = vec![
            row(1, "state", "among", &["open"]),
            group(1, "any"),
            row(2, "amount", "at_least", &["100,000"]),
            group(2, "all"),
            row(3, "owner", "mine", &[]),
            row(3, "title", "contains", &["名刺"]),
            row(1, "next_action_on", "within", &["7"]),
        ];
        let fields = input(rows.clone()).checked().unwrap();
        assert_eq!(fields.tree.nodes.len(), 3);
        assert_eq!(fields.tree.conditions().len(), 5);
        let mut drawn = Vec::new();
        outline(&fields.tree, 1, &mut drawn);
        let depths: Vec<u8> = drawn.iter().map(|row| row.depth).collect();
        assert_eq!(depths, [1, 1, 2, 2, 3, 3, 1]);
        assert_eq!(drawn[2].values, ["100000"]);
    }

    #[test]
    fn an_outline_that_says_nothing_certain_is_refused_at_its_row() {
        assert_eq!(
            refused(vec![row(1, "weather", "is", &["rain"])]),
            [("rows[0].field".into(), Code::UnknownChoice)]
        );
        assert_eq!(
            refused(vec![row(1, "amount", "is", &["1"])]),
            [("rows[0].operator".into(), Code::UnknownChoice)]
        );
        assert_eq!(
            refused(vec![row(1, "state", "among", &["asleep"])]),
            [("rows[0].values".into(), Code::UnknownChoice)]
        );
        assert_eq!(refused(vec![row(2, "owner", "mine", &[])]), [("rows[0].depth".into(), Code::OutOfRange)]);
        assert_eq!(refused(vec![group(1, "any")]), [("rows[0].joined".into(), Code::Required)]);
        let deep = vec![group(1, "any"), group(2, "all"), group(3, "any"), row(3, "owner", "mine", &[])];
        assert_eq!(refused(deep), [("rows[2].depth".into(), Code::OutOfRange)]);
        let many = vec![row(1, "owner", "mine", &[]); MOST_CONDITIONS + 1];
        assert_eq!(refused(many), [("rows".into(), Code::TooMany)]);
    }

    #[test]
    fn a_view_is_shared_however_somebody_says_yes() {
        let shared = |typed: &str| {
            let view = ViewInput { is_shared: typed.into(), ..input(Vec::new()) };
            view.checked().unwrap().is_shared
        };
        assert!(["yes", "true", "on", "1"].into_iter().all(shared));
        assert!(!["", "no", "false"].into_iter().any(shared));
    }

    #[test]
    fn columns_keep_their_order_and_stand_once() {
        let asked = ["amount", "company", "amount"].map(Typed::from).to_vec();
        let fields = ViewInput { columns: asked, ..input(Vec::new()) }.checked().unwrap();
        assert_eq!(fields.columns, ["amount", "company"]);
        let wrong = ViewInput { columns: vec!["shoe_size".into()], sort: "size".into(), ..input(Vec::new()) };
        let fields: Vec<String> = wrong.checked().unwrap_err().0.into_iter().map(|one| one.field).collect();
        assert_eq!(fields, ["columns", "sort"]);
    }
}
