//! The choices that conditions name by id: what the town has of them, and what it no longer has.

use std::collections::{BTreeMap, BTreeSet};

use accounts::{Role, persons};
use clients::tags;
use db::filter::{Condition, Gone, Group, Of, Test};
use db::{DbError, Tx};
use kernel::{Code, Invalid, Language, PersonId};

use super::ViewError;
use crate::{pipelines, stages};

/// A choice a condition may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choosable {
    /// Its id.
    pub id: i64,
    /// What it is called.
    pub label: String,
}

/// What a town has of what conditions name.
#[derive(Debug, Default)]
pub(super) struct Known {
    stages: BTreeMap<i64, String>,
    tags: BTreeMap<i64, String>,
    people: BTreeMap<i64, String>,
}

impl Known {
    /// What `tree` needs to be understood.
    pub(super) fn of(tx: &mut Tx<'_>, tree: &Group) -> Result<Self, DbError> {
        let conditions = tree.conditions();
        let asks = |of: Of| conditions.iter().any(|one| one.field.kind.choices() == Some(of));
        let mut known = Self::default();
        if asks(Of::Stages) {
            known.stages = choices(tx, Of::Stages, Language::Ja)?.into_iter().map(pair).collect();
        }
        if asks(Of::Tags) {
            known.tags = choices(tx, Of::Tags, Language::Ja)?.into_iter().map(pair).collect();
        }
        if asks(Of::People) {
            let people = conditions.iter().filter(|one| one.field.kind.choices() == Some(Of::People));
            let ids: BTreeSet<i64> = people.flat_map(|one| ids(&one.test)).copied().collect();
            let ids: Vec<PersonId> = ids.into_iter().map(PersonId).collect();
            let found = persons::find_many(tx, &ids)?;
            known.people = found.into_iter().map(|(id, one)| (id.0, one.name_in(Language::Ja))).collect();
        }
        Ok(known)
    }

    fn label(&self, of: Of, id: i64) -> Option<&String> {
        match of {
            Of::Stages => self.stages.get(&id),
            Of::Tags => self.tags.get(&id),
            Of::People => self.people.get(&id),
        }
    }

    /// Parts the choices that are gone from those that are there. Its labels, in the order of its choices, are what these
    /// were called when they were chosen.
    pub(super) fn settle(&self, condition: &mut Condition) {
        let Some(of) = condition.field.kind.choices() else { return };
        let (mut there, mut names, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        let former = condition.labels.iter().map(Some).chain(std::iter::repeat(None));
        for (id, former) in ids(&condition.test).iter().zip(former) {
            match self.label(of, *id) {
                Some(label) => {
                    there.push(*id);
                    names.push(label.clone());
                }
                None => {
                    gone.push(Gone { id: *id, label: former.cloned().unwrap_or_else(|| id.to_string()) });
                }
            }
        }
        match &mut condition.test {
            Test::Among(ids) | Test::NotAmong(ids) => *ids = there,
            _ => {}
        }
        condition.labels = names;
        condition.gone = gone;
    }
}

fn pair(one: Choosable) -> (i64, String) {
    (one.id, one.label)
}

/// The ids a test names.
pub(super) fn ids(test: &Test) -> &[i64] {
    match test {
        Test::Among(ids) | Test::NotAmong(ids) => ids,
        _ => &[],
    }
}

/// Settles every choice of a tree that was typed just now. What is gone stays where the view named it before; anything else
/// the town does not have is a wrong choice.
pub(super) fn settled(tx: &mut Tx<'_>, mut tree: Group, before: Option<&Group>) -> Result<Group, ViewError> {
    let known = Known::of(tx, &tree)?;
    let former = before.map(Group::conditions).unwrap_or_default();
    let former: BTreeMap<(Option<Of>, i64), String> = former
        .iter()
        .flat_map(|one| one.gone.iter().map(|gone| ((one.field.kind.choices(), gone.id), gone.label.clone())))
        .collect();
    let mut is_unknown = false;
    tree.each_condition(&mut |condition| {
        let of = condition.field.kind.choices();
        let called = |id: &i64| former.get(&(of, *id)).cloned().unwrap_or_default();
        condition.labels = ids(&condition.test).iter().map(called).collect();
        known.settle(condition);
        is_unknown |= condition.gone.iter().any(|gone| gone.label.is_empty());
    });
    if is_unknown { Err(Invalid::field("rows", Code::UnknownChoice).into()) } else { Ok(tree) }
}

/// Everything of the town that a condition may name: stages in their order, those of a second pipeline with its name; tags
/// by name; people who sell.
pub fn choices(tx: &mut Tx<'_>, of: Of, language: Language) -> Result<Vec<Choosable>, DbError> {
    Ok(match of {
        Of::Stages => {
            let pipelines: BTreeMap<_, _> =
                pipelines::list(tx)?.into_iter().map(|one| (one.id, one.name)).collect();
            let several = pipelines.len() > 1;
            let label = |stage: &stages::Stage| match pipelines.get(&stage.pipeline_id).filter(|_| several) {
                Some(pipeline) => format!("{} · {pipeline}", stage.name),
                None => stage.name.clone(),
            };
            let stages = stages::list(tx)?;
            stages.iter().map(|stage| Choosable { id: stage.id.0, label: label(stage) }).collect()
        }
        Of::Tags => {
            let tags = tags::list(tx)?.into_iter().map(|one| one.tag);
            tags.map(|tag| Choosable { id: tag.id.0, label: tag.name }).collect()
        }
        Of::People => {
            let people = persons::with_role(tx, Role::Sales)?.into_iter();
            people.map(|one| Choosable { id: one.id.0, label: one.name_in(language) }).collect()
        }
    })
}
