//! The town in which a month is played: its office, its one client, its skills, and everybody as they come.

use std::collections::BTreeSet;

use accounts::organizations::{self, NewTown, SettingsInput, TownKind};
use accounts::persons::{self, PersonError, PersonInput};
use accounts::{LinkKey, Role};
use clients::companies::{self, CompanyInput};
use clients::contacts::{self, ContactInput};
use clients::terms::{self, ClientTermsInput};
use db::Db;
use fulfillment::jobs::OfferRule;
use kernel::{CompanyId, ContactId, PersonId, WorkerId};
use workforce::skills;
use workforce::workers::{self, RegisterInput, StepInput};

use super::super::stage::Stage;
use super::scenario::{Person, Scenario};
use crate::Stop;

/// A town with nobody in it yet but its office.
pub(super) struct Town {
    pub(super) stage: Stage,
    /// Who splits, offers and delivers.
    pub(super) coordinator: PersonId,
    /// Who checks, in turn.
    pub(super) checkers: [PersonId; 2],
    pub(super) company: CompanyId,
    pub(super) contact: ContactId,
}

/// Opens the town of one rule. Its clock stands at the beginning of the month.
pub(super) fn open(
    door: Db,
    files: files::Store,
    key: LinkKey,
    scenario: &Scenario,
    rule: OfferRule,
) -> Result<Town, Stop> {
    let slug = match rule {
        OfferRule::Fair => "simulated-fair",
        OfferRule::FirstCome => "simulated-first-come",
    };
    let town = NewTown {
        slug: slug.into(),
        name: format!("{} ({slug})", scenario.name).into(),
        municipal_code: String::new().into(),
        language: "ja".into(),
        legal_name: "模擬の団体（架空）".into(),
    };
    let organization = door
        .lobby_blocking(|lobby| organizations::open(lobby, TownKind::Demo, &town))
        .map_err(Stop::failed)?;
    let mut stage = Stage::set(door, files, organization, key, scenario.begins_on);
    let settings = SettingsInput {
        name: town.name.clone(),
        language: "ja".into(),
        legal_name: town.legal_name.clone(),
        postal_address: "住所なし（架空）".into(),
        contact_email: "office@simulation.example".into(),
        ..SettingsInput::default()
    };
    stage.system(|tx| organizations::change_settings(tx, 1, &settings))?;
    let coordinator = office(&stage, "割当")?;
    let checkers = [office(&stage, "検品一")?, office(&stage, "検品二")?];
    for name in &scenario.skills {
        let input = skills::SkillInput { name: name.as_str().into() };
        let skill = stage.act(coordinator, |tx| skills::add(tx, input))?.id;
        stage.skills.push(skill);
    }
    let company = CompanyInput { name: "模擬商会（架空）".into(), ..CompanyInput::default() };
    let company = stage.act(coordinator, |tx| companies::enter(tx, company))?.id;
    // 20日締め翌月末払い: their books close in mid-month.
    let terms = ClientTermsInput {
        closing_day: "20".into(),
        months_later: "1".into(),
        pay_day: "31".into(),
        ..ClientTermsInput::default()
    };
    stage.act(coordinator, |tx| terms::agree(tx, company, 0, &terms))?;
    let contact = ContactInput {
        family_name: "発注".into(),
        email: "orders@simulation.example".into(),
        ..ContactInput::default()
    };
    let contact = stage.act(coordinator, |tx| contacts::add(tx, company, contact))?.id;
    Ok(Town { stage, coordinator, checkers, company, contact })
}

fn office(stage: &Stage, name: &str) -> Result<PersonId, Stop> {
    enter(stage, name, Role::Coordinator)
}

fn enter(stage: &Stage, name: &str, role: Role) -> Result<PersonId, Stop> {
    let input = PersonInput { family_name: name.into(), language: "ja".into(), ..PersonInput::default() };
    stage.system(|tx| -> Result<PersonId, PersonError> {
        let person = persons::add(tx, &input)?;
        persons::set_roles(tx, person.id, &BTreeSet::from([role]))?;
        Ok(person.id)
    })
}

impl Town {
    /// Somebody joins the programme today.
    pub(super) fn welcome(&self, person: &Person) -> Result<(PersonId, WorkerId), Stop> {
        let id = enter(&self.stage, &person.name, Role::Worker)?;
        let input = RegisterInput {
            weekly_minutes: person.weekly_minutes.to_string().into(),
            ..RegisterInput::default()
        };
        let office = self.coordinator;
        let worker = self.stage.act(office, |tx| workers::register(tx, id, input))?.id;
        self.stage.act(office, |tx| workers::activate(tx, worker, StepInput::default()))?;
        for (skill, level) in &person.skills {
            let Some(skill) = self.stage.skills.get(*skill) else { continue };
            let input =
                skills::GrantInput { level: level.to_string().into(), ..skills::GrantInput::default() };
            self.stage.act(office, |tx| skills::grant(tx, worker, *skill, input))?;
        }
        Ok((id, worker))
    }

    /// Somebody says that they are away from now on.
    pub(super) fn rest(&self, worker: WorkerId) -> Result<(), Stop> {
        self.stage
            .act(self.coordinator, |tx| workers::pause(tx, worker, StepInput::default()))
            .map(|_worker| ())
    }

    /// Somebody is there again.
    pub(super) fn return_of(&self, worker: WorkerId) -> Result<(), Stop> {
        self.stage
            .act(self.coordinator, |tx| workers::activate(tx, worker, StepInput::default()))
            .map(|_worker| ())
    }
}
