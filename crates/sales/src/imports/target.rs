//! What the rows of a file may become, as the engine in [`super::judge`] sees it: one implementation for each kind.

use std::collections::{BTreeSet, HashMap};

use db::{DbError, Tx};
use kernel::{Coded, Invalid};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::model::{ImportId, ImportKind, RowProblem, Verdict};

/// A staged row with what its columns are.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    pub(super) number: i32,
    pub(super) line: i64,
    /// The values that say something, by field.
    pub(super) values: Vec<(String, String)>,
    /// What was found about it before.
    pub(super) verdict: Option<Verdict>,
    /// What is wrong with it before anybody knows what it means.
    pub(super) problems: Vec<RowProblem>,
}

impl Cells {
    /// The value of a field; nothing where the row says nothing.
    pub(super) fn get(&self, field: &str) -> &str {
        self.values.iter().find(|(name, _)| name == field).map_or("", |(_, value)| value.trim())
    }
}

/// What the external ids of rows lead to.
#[derive(Debug, Default)]
pub(super) struct Linked(HashMap<String, i64>);

impl Linked {
    pub(super) const fn by(external_ids: HashMap<String, i64>) -> Self {
        Self(external_ids)
    }

    /// These things, whatever they are called elsewhere.
    pub(super) fn of(ids: &[i64]) -> Self {
        Self(ids.iter().map(|id| (format!("#{id}"), *id)).collect())
    }

    /// What a row's external id leads to.
    pub(super) fn of_row(&self, row: &Cells) -> Option<i64> {
        self.0.get(row.get("external_id")).copied()
    }

    /// All of them.
    pub(super) fn ids(&self) -> impl Iterator<Item = i64> {
        self.0.values().copied()
    }
}

/// Something of the town that a row may be about.
#[derive(Debug, Clone)]
pub(super) struct Existing<I> {
    pub(super) id: i64,
    pub(super) version: i32,
    /// What stands there, as an input.
    pub(super) input: I,
}

/// What the town has that a row may be about.
pub(super) enum Found<I> {
    /// Nothing; the text is what makes the row itself within its file.
    Nothing(String),
    /// This one.
    One(Existing<I>),
    /// It cannot be said: what is wrong with the row.
    Unclear(RowProblem),
}

/// A row's values as the input of a verb.
pub(super) struct Meant<I> {
    /// The input, as far as it can be told: what leads nowhere is not in it. `None` where nothing can be told.
    pub(super) input: Option<I>,
    /// What is wrong with the row: it is bad where there is anything.
    pub(super) problems: Vec<RowProblem>,
}

impl<I> Meant<I> {
    /// A row that leads nowhere else.
    pub(super) const fn input(input: Option<I>) -> Self {
        Self { input, problems: Vec::new() }
    }
}

/// Folded signs by which two new things look alike, and are not taken for the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Likeness {
    pub(super) name: Option<String>,
    /// A phone number or a mail address.
    pub(super) reach: Option<String>,
    pub(super) site: Option<String>,
}

impl Likeness {
    /// Each sign with what it is of.
    pub(super) fn signs(&self) -> impl Iterator<Item = (Sign, &str)> {
        [(Sign::Name, &self.name), (Sign::Reach, &self.reach), (Sign::Site, &self.site)]
            .into_iter()
            .filter_map(|(sign, key)| Some((sign, key.as_deref()?)))
    }
}

/// What a sign is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Sign {
    Name,
    Reach,
    Site,
}

/// A kind of thing that rows become.
pub(super) trait Target: Sized {
    /// Which one.
    const KIND: ImportKind;
    /// Whether a change is tried, and taken back, when it is looked at: its rules depend on more than its values.
    const IS_TRIED: bool = false;
    /// What its verbs take.
    type Input: Clone + PartialEq + Serialize + DeserializeOwned;

    /// Looks up whatever a chunk of rows may be about, in a handful of statements.
    fn know(tx: &mut Tx<'_>, rows: &[Cells], linked: &Linked) -> Result<Self, DbError>;

    /// The thing of that id, if the town has it; what it was merged into, where it was.
    fn by_id(&self, id: i64) -> Option<Existing<Self::Input>>;

    /// What the town has for a row that names no id; `linked` is what its external id leads to.
    fn find(&self, row: &Cells) -> Found<Self::Input>;

    /// The input a row means, on top of what stands there.
    fn meant(&self, row: &Cells, current: Option<&Self::Input>) -> Meant<Self::Input>;

    /// The input as it would be stored, or what is wrong with it.
    fn settled(
        &self,
        input: &Self::Input,
        current: Option<&Existing<Self::Input>>,
    ) -> Result<Self::Input, Invalid>;

    /// What no two things of the town may share, where such a one has it.
    fn unique_key(&self, _input: &Self::Input) -> Option<String> {
        None
    }

    /// Ids of things a new one would look like.
    fn alike(&self, input: &Self::Input) -> BTreeSet<i64>;

    /// By what a new one would look like another of its own file.
    fn likeness(_input: &Self::Input) -> Likeness {
        Likeness::default()
    }

    /// Makes them all, in their order; gives back their ids. Each has version 1 then.
    fn create(&self, tx: &mut Tx<'_>, inputs: &[Self::Input]) -> Result<Vec<i64>, Refused>;

    /// Changes one; gives back its version.
    fn update(&self, tx: &mut Tx<'_>, id: i64, version: i32, input: &Self::Input) -> Result<i32, Refused>;

    /// What a row says beside its input and nothing takes back, neither another row nor undoing the import. Called for every
    /// row that is not bad, with what it is about.
    fn told(_tx: &mut Tx<'_>, _import: ImportId, _rows: &[(i64, &Cells)]) -> Result<(), DbError> {
        Ok(())
    }

    /// Removes those of `ids` that nobody has changed since they were made; gives back which.
    fn take_back(tx: &mut Tx<'_>, ids: &[i64]) -> Result<Vec<i64>, DbError>;
}

/// Why a verb refused what a row asks for.
#[derive(Debug)]
pub(super) enum Refused {
    /// Something about the row.
    Row(Vec<RowProblem>),
    /// The database failed, or somebody was faster: the chunk is tried again.
    Again(DbError),
}

impl Refused {
    /// What a rule says about the row.
    pub(super) fn by_rule(error: &impl Coded) -> Self {
        let problems: Vec<RowProblem> =
            error.fields().iter().map(|problem| RowProblem::of(problem, "")).collect();
        if problems.is_empty() {
            return Self::Row(vec![RowProblem::new("", "", error.code())]);
        }
        Self::Row(problems)
    }
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        Self::Again(error)
    }
}
