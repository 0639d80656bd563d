//! The stages, pipelines and people that a file names and the town does not have under these names, and what they can be here.

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};
use files::rows::unguarded;
use kernel::Language;
use kernel::text::search_key;

use super::decided;
use super::model::Import;
use super::refs::{self, Owners};
use crate::deals::DealStatus;
use crate::pipelines::{self, Pipeline};
use crate::stages;

/// How many names of a column are asked about: far more than any town has pipelines, stages or salespeople.
const MOST_NAMES: i32 = 50;

/// The names in a column of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// What the column is: `pipeline`, `stage` or `owner`.
    pub field: &'static str,
    /// Those that lead to nothing here, as they stand in the file.
    pub unknown: Vec<String>,
    /// What they can be here.
    pub ours: Vec<Ours>,
}

/// One of the things that a name can stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ours {
    /// What is said in an answer.
    pub value: String,
    /// What it is called.
    pub name: String,
}

impl Ours {
    fn named(name: &str) -> Self {
        Self { value: name.to_owned(), name: name.to_owned() }
    }
}

/// The columns of an import that name what is not here, with what the names can be; people are called as in `language`.
pub fn unknown_names(tx: &mut Tx<'_>, import: &Import, language: Language) -> Result<Vec<Names>, DbError> {
    let used = pipelines::in_use(tx)?;
    let all = [
        pipeline_names(tx, import, &used)?,
        stage_names(tx, import, &used)?,
        owner_names(tx, import, language)?,
    ];
    Ok(all.into_iter().filter(|names| !names.unknown.is_empty()).collect())
}

fn pipeline_names(tx: &mut Tx<'_>, import: &Import, used: &[Pipeline]) -> Result<Names, DbError> {
    let ours: Vec<Ours> = used.iter().map(|pipeline| Ours::named(&pipeline.name)).collect();
    let unknown = told_in(tx, import, "pipeline")?;
    Ok(Names { field: "pipeline", unknown: not_among(unknown, &ours), ours })
}

/// Whoever says by a word that a deal was won or lost is understood without being asked.
fn stage_names(tx: &mut Tx<'_>, import: &Import, used: &[Pipeline]) -> Result<Names, DbError> {
    let mut ours: Vec<Ours> = Vec::new();
    for stage in stages::list(tx)? {
        let is_used = used.iter().any(|pipeline| pipeline.id == stage.pipeline_id);
        if is_used && ours.iter().all(|one| one.name != stage.name) {
            ours.push(Ours::named(&stage.name));
        }
    }
    let is_ending = |name: &str| matches!(decided::state(name), Some(DealStatus::Won | DealStatus::Lost));
    let mut unknown = not_among(told_in(tx, import, "stage")?, &ours);
    unknown.retain(|name| !is_ending(name));
    Ok(Names { field: "stage", unknown, ours })
}

fn owner_names(tx: &mut Tx<'_>, import: &Import, language: Language) -> Result<Names, DbError> {
    let people = refs::sellers(tx, &[])?;
    let owners = Owners::among(&people);
    let mut unknown = told_in(tx, import, "owner")?;
    unknown.retain(|name| owners.named(name).is_err());
    let ours = people
        .iter()
        .map(|person| Ours { value: refs::number_of(person.id), name: person.name_in(language) })
        .collect();
    Ok(Names { field: "owner", unknown, ours })
}

fn not_among(names: Vec<String>, ours: &[Ours]) -> Vec<String> {
    let known: Vec<String> = ours.iter().map(|one| search_key(&one.name)).collect();
    names.into_iter().filter(|name| !known.contains(&search_key(name))).collect()
}

/// The different names in the column that is `field`, in order and each once however it is written; none where no column is.
fn told_in(tx: &mut Tx<'_>, import: &Import, field: &str) -> Result<Vec<String>, DbError> {
    #[derive(QueryableByName)]
    struct Named {
        #[diesel(sql_type = Text)]
        name: String,
    }

    let Some(place) = import.place_of(field) else { return Ok(Vec::new()) };
    let rows: Vec<Named> = diesel::sql_query(
        "SELECT DISTINCT btrim(cells[$2]) AS name FROM import_rows \
         WHERE import_id = $1 AND btrim(cells[$2]) <> '' ORDER BY name LIMIT $3",
    )
    .bind::<BigInt, _>(import.id)
    .bind::<Integer, _>(place)
    .bind::<Integer, _>(MOST_NAMES)
    .load(tx.conn())?;
    let (mut names, mut seen): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for Named { name } in rows {
        let key = search_key(unguarded(&name));
        if !seen.contains(&key) {
            seen.push(key);
            names.push(unguarded(&name).to_owned());
        }
    }
    Ok(names)
}
