//! What a tree of conditions is made of. No database here.

use chrono::{Days, NaiveDate};
use kernel::{Checks, Code, FieldProblem, PersonId, Typed, reach, text};

/// How deep groups may stand in each other: the outermost counts as one.
pub const DEEPEST: u8 = 3;
/// How many conditions one tree may have.
pub const MOST_CONDITIONS: usize = 20;

/// How many choices one condition may name.
const MOST_CHOICES: usize = 50;
/// Ten years: what "the last so many days" may reach back.
const MOST_DAYS: i64 = 3_660;
/// Beyond any amount a town writes down.
const MOST_NUMBER: i64 = 1_000_000_000_000;

kernel::text_enum!(
    /// How the parts of a group go together.
    Joined {
        /// Every part holds.
        All = "all",
        /// At least one part holds.
        Any = "any",
    }
);

kernel::text_enum!(
    /// What a condition asks of its field.
    Operator {
        /// The text is in it somewhere, however either is written.
        Contains = "contains",
        /// It is that text, however either is written.
        Is = "is",
        /// Nothing is there.
        Empty = "empty",
        /// Something is there.
        Filled = "filled",
        /// It is one of those named.
        Among = "among",
        /// It is none of those named.
        NotAmong = "not_among",
        /// It is the reader.
        Mine = "mine",
        /// That number or more.
        AtLeast = "at_least",
        /// That number or less.
        AtMost = "at_most",
        /// From one number or day to another, both counted.
        Between = "between",
        /// That very day.
        On = "on",
        /// Before that day.
        Before = "before",
        /// After that day.
        After = "after",
        /// From today to so many days ahead.
        Within = "within",
        /// From so many days ago to today.
        Past = "past",
        /// More than so many days ago.
        Older = "older",
    }
);

/// What the choices of a condition are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// Stages of the town's pipelines.
    Stages,
    /// Tags of companies.
    Tags,
    /// People who work for the town.
    People,
}

/// A search function by whose index rows are found: all whose key contains something, and perhaps some more.
#[derive(Debug, Clone, Copy)]
pub struct Finder {
    /// The column that holds the ids it gives.
    pub id: &'static str,
    /// The function, as for [`crate::search::found`].
    pub function: &'static str,
}

/// What kind of field it is, and where it stands: SQL of the program's own.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A folded text.
    Text {
        /// The folded column.
        key: &'static str,
        /// What finds the rows that may contain something, where there is an index for that.
        finder: Option<Finder>,
    },
    /// Everything a thing is searched by, folded; a number is looked for by its digits.
    Words {
        /// The folded column.
        key: &'static str,
        /// What finds the rows that contain something.
        finder: Finder,
    },
    /// Whatever a search function finds.
    Found {
        /// The column that holds the id of what is found.
        column: &'static str,
        /// The function, as for [`crate::search::found`].
        function: &'static str,
    },
    /// A text of which only matters whether it is there.
    Blank {
        /// The column; NULL and empty are the same.
        column: &'static str,
    },
    /// One of a few words.
    Word {
        /// The column.
        column: &'static str,
        /// Every word.
        words: fn() -> Vec<&'static str>,
    },
    /// One of other things, by id.
    Choice {
        /// The column.
        column: &'static str,
        /// What they are.
        of: Of,
    },
    /// Some of other things, by id.
    Choices {
        /// The column that the query gives.
        column: &'static str,
        /// The beginning of a query to which `= ANY (ids)` is added.
        query: &'static str,
        /// What they are.
        of: Of,
    },
    /// Whole yen.
    Yen {
        /// The column.
        column: &'static str,
    },
    /// A day.
    Day {
        /// The column.
        column: &'static str,
    },
    /// An instant, of which the day in Japan counts.
    Moment {
        /// The column.
        column: &'static str,
    },
}

impl Kind {
    /// What may be asked of such a field.
    pub fn operators(self) -> &'static [Operator] {
        use Operator as O;
        match self {
            Self::Text { .. } => &[O::Contains, O::Is, O::Empty, O::Filled],
            Self::Words { .. } | Self::Found { .. } => &[O::Contains],
            Self::Blank { .. } => &[O::Empty, O::Filled],
            Self::Choice { of: Of::People, .. } => &[O::Mine, O::Among, O::NotAmong, O::Empty],
            Self::Word { .. } | Self::Choice { .. } | Self::Choices { .. } => &[O::Among, O::NotAmong],
            Self::Yen { .. } => &[O::AtLeast, O::AtMost, O::Between],
            Self::Day { .. } | Self::Moment { .. } => {
                &[O::Within, O::Past, O::Older, O::On, O::Before, O::After, O::Between, O::Empty, O::Filled]
            }
        }
    }

    /// What the choices of such a field are, where it has any.
    pub const fn choices(self) -> Option<Of> {
        match self {
            Self::Choice { of, .. } | Self::Choices { of, .. } => Some(of),
            _ => None,
        }
    }
}

/// A field that conditions may be about.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name, which is stored.
    pub name: &'static str,
    /// What it is and where it stands.
    pub kind: Kind,
}

/// What is asked of a field, with values that fit it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// See [`Operator::Contains`].
    Contains(String),
    /// See [`Operator::Is`].
    Is(String),
    /// See [`Operator::Empty`].
    Empty,
    /// See [`Operator::Filled`].
    Filled,
    /// See [`Operator::Among`], of words.
    AmongWords(Vec<String>),
    /// See [`Operator::NotAmong`], of words.
    NotAmongWords(Vec<String>),
    /// See [`Operator::Among`], of ids.
    Among(Vec<i64>),
    /// See [`Operator::NotAmong`], of ids.
    NotAmong(Vec<i64>),
    /// See [`Operator::Mine`].
    Mine,
    /// Numbers from one to another, both counted; open where there is none.
    Numbers(Option<i64>, Option<i64>),
    /// See [`Operator::On`].
    On(NaiveDate),
    /// See [`Operator::Before`].
    Before(NaiveDate),
    /// See [`Operator::After`].
    After(NaiveDate),
    /// See [`Operator::Between`], of days.
    Days(NaiveDate, NaiveDate),
    /// See [`Operator::Within`].
    Within(i64),
    /// See [`Operator::Past`].
    Past(i64),
    /// See [`Operator::Older`].
    Older(i64),
}

/// The first day that counts, and the first that no longer does.
pub(super) type DaySpan = (Option<NaiveDate>, Option<NaiveDate>);

impl Test {
    /// Reads what was asked of a field of `kind`.
    pub fn read(kind: Kind, operator: Operator, values: &[Typed]) -> Result<Self, FieldProblem> {
        if !kind.operators().contains(&operator) {
            return Err(FieldProblem::new("operator", Code::UnknownChoice));
        }
        match operator {
            Operator::Contains | Operator::Is => read_text(kind, operator, values),
            Operator::Empty => Ok(Self::Empty),
            Operator::Filled => Ok(Self::Filled),
            Operator::Mine => Ok(Self::Mine),
            Operator::Among | Operator::NotAmong => read_choices(kind, operator, values),
            Operator::AtLeast => Ok(Self::Numbers(Some(number(values, 0, MOST_NUMBER)?), None)),
            Operator::AtMost => Ok(Self::Numbers(None, Some(number(values, 0, MOST_NUMBER)?))),
            Operator::Between if matches!(kind, Kind::Yen { .. }) => {
                let (from, to) = (number(values, 0, MOST_NUMBER)?, number(rest(values), 0, MOST_NUMBER)?);
                in_order_of(from, to).map(|()| Self::Numbers(Some(from), Some(to)))
            }
            Operator::Between => {
                let (from, to) = (day(values)?, day(rest(values))?);
                in_order_of(from, to).map(|()| Self::Days(from, to))
            }
            Operator::On => day(values).map(Self::On),
            Operator::Before => day(values).map(Self::Before),
            Operator::After => day(values).map(Self::After),
            Operator::Within => number(values, 0, MOST_DAYS).map(Self::Within),
            Operator::Past => number(values, 0, MOST_DAYS).map(Self::Past),
            Operator::Older => number(values, 0, MOST_DAYS).map(Self::Older),
        }
    }

    /// The word that is stored for it.
    pub const fn operator(&self) -> Operator {
        match self {
            Self::Contains(_) => Operator::Contains,
            Self::Is(_) => Operator::Is,
            Self::Empty => Operator::Empty,
            Self::Filled => Operator::Filled,
            Self::AmongWords(_) | Self::Among(_) => Operator::Among,
            Self::NotAmongWords(_) | Self::NotAmong(_) => Operator::NotAmong,
            Self::Mine => Operator::Mine,
            Self::Numbers(Some(_), None) => Operator::AtLeast,
            Self::Numbers(None, _) => Operator::AtMost,
            Self::Numbers(..) | Self::Days(..) => Operator::Between,
            Self::On(_) => Operator::On,
            Self::Before(_) => Operator::Before,
            Self::After(_) => Operator::After,
            Self::Within(_) => Operator::Within,
            Self::Past(_) => Operator::Past,
            Self::Older(_) => Operator::Older,
        }
    }

    /// The values that are stored for it.
    pub fn values(&self) -> Vec<String> {
        match self {
            Self::Contains(text) | Self::Is(text) => vec![text.clone()],
            Self::Empty | Self::Filled | Self::Mine => Vec::new(),
            Self::AmongWords(words) | Self::NotAmongWords(words) => words.clone(),
            Self::Among(ids) | Self::NotAmong(ids) => ids.iter().map(ToString::to_string).collect(),
            Self::Numbers(from, to) => from.iter().chain(to).map(ToString::to_string).collect(),
            Self::On(day) | Self::Before(day) | Self::After(day) => vec![day.to_string()],
            Self::Days(from, to) => vec![from.to_string(), to.to_string()],
            Self::Within(days) | Self::Past(days) | Self::Older(days) => vec![days.to_string()],
        }
    }

    /// The days it asks for, where it asks for days.
    pub(super) fn days(&self, today: NaiveDate) -> Option<DaySpan> {
        let ahead = |days: i64| today.checked_add_days(Days::new(days.unsigned_abs())).unwrap_or(today);
        let back = |days: i64| today.checked_sub_days(Days::new(days.unsigned_abs())).unwrap_or(today);
        let next = |day: NaiveDate| day.succ_opt().unwrap_or(day);
        Some(match *self {
            Self::On(day) => (Some(day), Some(next(day))),
            Self::Before(day) => (None, Some(day)),
            Self::After(day) => (Some(next(day)), None),
            Self::Days(from, to) => (Some(from), Some(next(to))),
            Self::Within(days) => (Some(today), Some(next(ahead(days)))),
            Self::Past(days) => (Some(back(days)), Some(next(today))),
            Self::Older(days) => (None, Some(back(days))),
            _ => return None,
        })
    }
}

fn read_text(kind: Kind, operator: Operator, values: &[Typed]) -> Result<Test, FieldProblem> {
    let mut checks = Checks::new();
    let line = checks.required_line("values", values.first().unwrap_or(&Typed::default()), 100);
    checks.done(()).map_err(first)?;
    let line = if matches!(kind, Kind::Text { .. }) { line } else { reach::searched(&line) };
    if text::search_key(&line).is_empty() {
        return Err(FieldProblem::new("values", Code::Required));
    }
    Ok(if operator == Operator::Is { Test::Is(line) } else { Test::Contains(line) })
}

fn read_choices(kind: Kind, operator: Operator, values: &[Typed]) -> Result<Test, FieldProblem> {
    let mut given: Vec<String> = values.iter().map(|one| one.as_str().trim().to_owned()).collect();
    given.retain(|one| !one.is_empty());
    given.sort();
    given.dedup();
    let problem = |code| Err(FieldProblem::new("values", code));
    if given.is_empty() {
        return problem(Code::Required);
    }
    if given.len() > MOST_CHOICES {
        return problem(Code::TooLong);
    }
    let is_among = operator == Operator::Among;
    if let Kind::Word { words, .. } = kind {
        let known = words();
        if given.iter().any(|one| !known.contains(&one.as_str())) {
            return problem(Code::UnknownChoice);
        }
        return Ok(if is_among { Test::AmongWords(given) } else { Test::NotAmongWords(given) });
    }
    let Ok(ids) = given.iter().map(|one| one.parse()).collect::<Result<Vec<i64>, _>>() else {
        return problem(Code::UnknownChoice);
    };
    Ok(if is_among { Test::Among(ids) } else { Test::NotAmong(ids) })
}

fn rest(values: &[Typed]) -> &[Typed] {
    values.get(1..).unwrap_or_default()
}

fn number(values: &[Typed], least: i64, most: i64) -> Result<i64, FieldProblem> {
    let mut checks = Checks::new();
    let number = checks.number("values", values.first().unwrap_or(&Typed::default()), least..=most);
    checks.done(number).map_err(first)
}

fn day(values: &[Typed]) -> Result<NaiveDate, FieldProblem> {
    let mut checks = Checks::new();
    let day = checks.date("values", values.first().unwrap_or(&Typed::default()));
    checks.done(day).map_err(first)
}

fn in_order_of<T: PartialOrd>(from: T, to: T) -> Result<(), FieldProblem> {
    if from <= to { Ok(()) } else { Err(FieldProblem::new("values", Code::OutOfRange)) }
}

fn first(invalid: kernel::Invalid) -> FieldProblem {
    invalid.0.into_iter().next().unwrap_or_else(|| FieldProblem::new("values", Code::Required))
}

/// A choice that a condition names and the town no longer has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// Its id.
    pub id: i64,
    /// What it was called when it was chosen.
    pub label: String,
}

/// What is asked of one field.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The field.
    pub field: Field,
    /// What is asked of it, of choices only those that are still there.
    pub test: Test,
    /// The choices that are gone.
    pub gone: Vec<Gone>,
    /// What the choices were called when they were chosen, in the order of the test's values.
    pub labels: Vec<String>,
}

/// Parts that go together in one way.
#[derive(Debug, Clone)]
pub struct Group {
    /// In which.
    pub joined: Joined,
    /// The parts, in the order people put them in. The outermost group may be empty: it passes everything.
    pub nodes: Vec<Node>,
}

impl Group {
    /// Every condition in it, however deep.
    pub fn conditions(&self) -> Vec<&Condition> {
        let conditions = self.nodes.iter().flat_map(|node| match node {
            Node::Condition(condition) => vec![condition],
            Node::Group(group) => group.conditions(),
        });
        conditions.collect()
    }

    /// The same, to change them.
    pub fn each_condition(&mut self, change: &mut impl FnMut(&mut Condition)) {
        for node in &mut self.nodes {
            match node {
                Node::Condition(condition) => change(condition),
                Node::Group(group) => group.each_condition(change),
            }
        }
    }
}

/// A part of a group.
#[derive(Debug, Clone)]
pub enum Node {
    /// A group of its own.
    Group(Group),
    /// A condition.
    Condition(Condition),
}

/// Who asks, for [`Operator::Mine`].
pub(super) type Me = Option<PersonId>;
