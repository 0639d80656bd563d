//! `GET /sampling/{id}`: why one person is looked at more or less in one kind of work, and what their units are drawn with.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use db::{DbError, Tx};
use fulfillment::sampling::{self, Phase, Seed, SeedKey, Stream, StreamId, Switch, SwitchKey, SwitchesOf};
use kernel::{Language, Page, Paging, PersonId, Typed};
use serde::{Deserialize, Serialize};
use workforce::skills;

use super::words::{self, SwitchRow};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::orders::parts::{self, When};
use crate::paths;
use crate::phrases::address;
use crate::shell::Crumb;

/// How many changes, and how many seeds, a page shows.
const ROWS: u16 = 10;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    /// Changes before this one.
    before: Typed,
    /// Seeds before this one.
    seeds: Typed,
}

struct Facts {
    stream: Stream,
    names: HashMap<PersonId, String>,
    skill: Option<String>,
    switches: Page<Switch, SwitchKey>,
    seeds: Page<Seed, SeedKey>,
}

fn facts(
    tx: &mut Tx<'_>,
    id: StreamId,
    language: Language,
    (before, seeds): (Option<SwitchKey>, Option<SeedKey>),
) -> Result<Facts, DbError> {
    let stream = sampling::find_stream(tx, id)?;
    let skill = stream.skill_id.map(|skill| skills::find(tx, skill)).transpose()?.map(|skill| skill.name);
    let of = SwitchesOf::Stream(id);
    Ok(Facts {
        names: parts::people(tx, language, [stream.person_id])?,
        switches: sampling::switches(tx, of, &Paging { after: before, ..Paging::first(ROWS) })?,
        seeds: sampling::seeds(tx, id, &Paging { after: seeds, ..Paging::first(ROWS) })?,
        stream,
        skill,
    })
}

#[derive(Serialize)]
struct StreamPage {
    title: String,
    crumbs: Vec<Crumb>,
    phase: Phase,
    word: String,
    answer: String,
    switches: Vec<SwitchRow>,
    older: String,
    seeds: Vec<SeedRow>,
    older_seeds: String,
    first: String,
}

#[derive(Serialize)]
struct SeedRow {
    when: When,
    commitment: String,
    /// Empty while units are drawn with it.
    seed: String,
}

/// `GET /sampling/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: StreamId = call.id("id")?;
    let query: Query = call.query();
    let keys = (
        format::read_page_key::<SwitchKey>(query.before.as_str()),
        format::read_page_key::<SeedKey>(query.seeds.as_str()),
    );
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, id, language, keys)).await?;
    let here = paths::sampling(id);
    let at =
        |name: &str, key: Option<String>| key.map_or_else(String::new, |key| address(&here, &[(name, &key)]));
    let name = facts.names.get(&facts.stream.person_id).cloned().unwrap_or_default();
    let kind = words::kind(&call, facts.skill.clone(), &facts.stream);
    let words = [("name", name), ("kind", kind), ("run", format::count(facts.stream.run.into()))];
    let seed = |seed: &Seed| SeedRow {
        when: When::of(language, seed.committed_at),
        commitment: seed.commitment.clone(),
        seed: seed.seed.clone().unwrap_or_default(),
    };
    let page = StreamPage {
        title: call.text("sampling-person-title"),
        crumbs: vec![Crumb::new(&call, "nav-workers", "/workers")],
        phase: facts.stream.phase,
        word: words::phase(&call, facts.stream.phase),
        answer: parts::say(&call, "sampling-stream-answer", &words),
        switches: words::switches(&call, &facts.switches.items, &facts.names),
        older: at("before", facts.switches.next.as_ref().map(format::page_key)),
        seeds: facts.seeds.items.iter().map(seed).collect(),
        older_seeds: at("seeds", facts.seeds.next.as_ref().map(format::page_key)),
        first: if keys.0.is_some() || keys.1.is_some() { here.clone() } else { String::new() },
    };
    call.page("sampling/stream.html", &page)
}
