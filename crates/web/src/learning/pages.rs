//! `GET /my-learning`: what I can do, and until when it counts.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{PersonId, date_in_japan};
use serde::Serialize;
use workforce::skills::{self, WorkerSkill};

use crate::call::Call;
use crate::failure::Failure;
use crate::my_units::not_registered;
use crate::offers::card;
use crate::orders::parts;

struct Facts {
    skills: Vec<WorkerSkill>,
    today: NaiveDate,
}

fn facts(tx: &mut Tx<'_>, person: PersonId) -> Result<Facts, DbError> {
    let worker = card::worker(tx, person)?;
    Ok(Facts { skills: skills::of_worker(tx, worker.id)?, today: date_in_japan(tx.now()) })
}

#[derive(Serialize)]
struct LearningPage {
    title: String,
    answer: String,
    skills: Vec<SkillRow>,
}

#[derive(Serialize)]
struct SkillRow {
    name: String,
    level: String,
    until: String,
    is_over: bool,
}

/// `GET /my-learning`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    if let Some(not_yet) = not_registered::page(&call).await? {
        return Ok(not_yet);
    }
    let person = call.person()?;
    let facts = call.db(move |tx| facts(tx, person)).await?;
    let counting = facts.skills.iter().filter(|one| one.counts_on(facts.today)).count();
    let page = LearningPage {
        title: call.text("learning-title"),
        answer: parts::say_count(&call, "learning-answer", i64::try_from(counting).unwrap_or(i64::MAX)),
        skills: facts.skills.iter().map(|one| skill_row(&call, facts.today, one)).collect(),
    };
    call.page("learning/index.html", &page)
}

fn skill_row(call: &Call, today: NaiveDate, skill: &WorkerSkill) -> SkillRow {
    let until = |day| parts::say(call, "learning-until", &[("day", parts::day(call.language, day))]);
    SkillRow {
        name: skill.name.clone(),
        level: parts::say(call, "workers-skill-level-of", &[("level", skill.level.to_string())]),
        until: skill.expires_on.map_or_else(|| call.text("learning-for-good"), until),
        is_over: !skill.counts_on(today),
    }
}
