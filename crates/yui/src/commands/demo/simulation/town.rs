//! The town in which a month is played: its office, its one client, its skills, and everybody as they come.

use std::collections::{BTreeMap, BTreeSet};

use accounts::organizations::{self, NewTown, SettingsInput, TownKind};
use accounts::persons::{self, PersonError, PersonInput};
use accounts::{LinkKey, Role};
use clients::companies::{self, CompanyInput};
use clients::contacts::{self, ContactInput};
use clients::terms::{self, ClientTermsInput};
use db::Db;
use fulfillment::jobs::OfferRule;
use kernel::{CompanyId, ContactId, OrganizationId, PersonId, WorkerId};
use workforce::skills;
use workforce::workers::{self, RegisterInput, StepInput};

use super::super::stage::Stage;
use super::scenario::Scenario;
use crate::Stop;

/// A town with nobody in it yet but its office.
pub(super) struct Town {
    pub(super) stage: Stage,
    /// Its name in addresses.
    pub(super) slug: String,
    /// Who splits, offers and delivers.
    pub(super) coordinator: PersonId,
    /// Who checks, in turn.
    pub(super) checkers: [PersonId; 2],
    pub(super) client: Client,
}

/// Who orders, and who reads there what is delivered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Client {
    pub(super) company: CompanyId,
    pub(super) contact: ContactId,
}

/// What a town is called, in addresses and in contracts.
struct Name<'a> {
    slug: &'a str,
    name: &'a str,
    legal: &'a str,
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
    let name = format!("{} ({slug})", scenario.name);
    let name = Name { slug, name: &name, legal: "模擬の団体（架空）" };
    let organization = found(&door, &name)?;
    let stage = Stage::set(door, files, organization, key, scenario.begins_on);
    let mut town = furnish(stage, &name, ("模擬商会（架空）", "orders@simulation.example"))?;
    for name in &scenario.skills {
        let input = skills::SkillInput { name: name.as_str().into() };
        let skill = town.stage.act(town.coordinator, |tx| skills::add(tx, input))?.id;
        town.stage.skills.push(skill);
    }
    Ok(town)
}

fn found(door: &Db, name: &Name<'_>) -> Result<OrganizationId, Stop> {
    let town = NewTown {
        slug: name.slug.into(),
        name: name.name.into(),
        municipal_code: String::new().into(),
        language: "ja".into(),
        legal_name: name.legal.into(),
    };
    door.lobby_blocking(|lobby| organizations::open(lobby, TownKind::Demo, &town)).map_err(Stop::failed)
}

/// What every town has: settings that its papers name, an office of three, and a client whose books close in mid-month.
fn furnish(stage: Stage, name: &Name<'_>, (client, reader): (&str, &str)) -> Result<Town, Stop> {
    let settings = SettingsInput {
        name: name.name.into(),
        language: "ja".into(),
        legal_name: name.legal.into(),
        postal_address: "住所なし（架空）".into(),
        contact_email: mail_of(name.slug).into(),
        ..SettingsInput::default()
    };
    stage.system(|tx| organizations::change_settings(tx, 1, &settings))?;
    let coordinator = office(&stage, "割当")?;
    let checkers = [office(&stage, "検品一")?, office(&stage, "検品二")?];
    let client = enter_client(&stage, coordinator, client, reader)?;
    // 20日締め翌月末払い.
    let terms = ClientTermsInput {
        closing_day: "20".into(),
        months_later: "1".into(),
        pay_day: "31".into(),
        ..ClientTermsInput::default()
    };
    stage.act(coordinator, |tx| terms::agree(tx, client.company, 0, &terms))?;
    Ok(Town { stage, slug: name.slug.to_owned(), coordinator, checkers, client })
}

/// Where a town reads mail.
fn mail_of(slug: &str) -> String {
    format!("office@{slug}.example")
}

fn enter_client(stage: &Stage, by: PersonId, name: &str, email: &str) -> Result<Client, Stop> {
    let input = CompanyInput { name: name.into(), ..CompanyInput::default() };
    let company = stage.act(by, |tx| companies::enter(tx, input))?.id;
    let input = ContactInput { family_name: "発注".into(), email: email.into(), ..ContactInput::default() };
    let contact = stage.act(by, |tx| contacts::add(tx, company, input))?.id;
    Ok(Client { company, contact })
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
    /// Opens a town that entrusts work to this one, and enters it as a client here.
    pub(super) fn upstream(&self) -> Result<(Self, Client), Stop> {
        let legal = "上流の町（架空）";
        let slug = format!("{}-upstream", self.slug);
        let town = self.beside(
            &Name { slug: &slug, name: legal, legal },
            ("上流商会（架空）", "orders@upstream.example"),
        )?;
        let client = enter_client(&self.stage, self.coordinator, legal, &mail_of(&slug))?;
        Ok((town, client))
    }

    /// Opens a town to which this one entrusts work, and whose client this one is.
    pub(super) fn downstream(&self) -> Result<Self, Stop> {
        let legal = "下流の町（架空）";
        let slug = format!("{}-downstream", self.slug);
        let own = self.stage.system(organizations::find)?.legal_name;
        self.beside(&Name { slug: &slug, name: legal, legal }, (&own, &mail_of(&self.slug)))
    }

    fn beside(&self, name: &Name<'_>, client: (&str, &str)) -> Result<Self, Stop> {
        let organization = found(&self.stage.db, name)?;
        furnish(self.stage.beside(organization), name, client)
    }

    /// Somebody joins the programme today who wishes for so many minutes a week.
    pub(super) fn welcome(
        &self,
        name: &str,
        weekly_minutes: u32,
        levels: &BTreeMap<usize, u64>,
    ) -> Result<(PersonId, WorkerId), Stop> {
        let id = enter(&self.stage, name, Role::Worker)?;
        let input =
            RegisterInput { weekly_minutes: weekly_minutes.to_string().into(), ..RegisterInput::default() };
        let office = self.coordinator;
        let worker = self.stage.act(office, |tx| workers::register(tx, id, input))?.id;
        self.stage.act(office, |tx| workers::activate(tx, worker, StepInput::default()))?;
        for (skill, level) in levels {
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
