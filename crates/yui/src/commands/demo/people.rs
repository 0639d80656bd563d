//! Who is there: one sign-in per role, and the 75 registrations and 21 withdrawals that the town published.

use std::collections::BTreeSet;

use accounts::organizations::{self, SettingsInput};
use accounts::passwords::NewPassword;
use accounts::persons::{self, Person, PersonInput};
use accounts::{Role, Secret};
use db::Db;
use kernel::{EmailAddress, OrganizationId, PersonId, Scope, WorkerId};
use sales::costs::{self, CostRatesInput};
use workforce::workers::{RegisterInput, StepInput, WithdrawInput};
use workforce::{skills, workers};

use super::SignIn;
use super::calendar::{a_year_before, before};
use super::stage::{Hand, Stage};
use crate::Stop;

/// Part, family name, reading, roles.
const STAFF: [(&str, &str, &str, &[Role]); 7] = [
    ("admin", "管理者 01", "カンリシャ 01", &[Role::Admin]),
    ("sales", "営業 01", "エイギョウ 01", &[Role::Sales]),
    ("sales2", "営業 02", "エイギョウ 02", &[Role::Sales, Role::Worker]),
    ("coordinator", "ディレクター 01", "ディレクター 01", &[Role::Coordinator]),
    ("checker", "ディレクター 02", "ディレクター 02", &[Role::Coordinator]),
    ("officer", "町職員 01", "チョウショクイン 01", &[Role::Officer]),
    ("adviser", "アドバイザー 01", "アドバイザー 01", &[Role::Adviser]),
];

/// The workers who can sign in; the others are only counted.
const WORKERS_WITH_ACCOUNT: [&str; 6] = ["worker", "worker2", "worker3", "worker4", "worker5", "worker6"];

/// Whoever gets their password last, with the town's last act: until then it is not finished.
const LAST_TO_JOIN: &str = "admin";

/// The number of the worker who uses Yui in English.
const SPEAKS_ENGLISH: u32 = 3;

/// What the town's workers can do; scenes name skills by their place here.
pub(super) const SKILLS: [&str; 4] = ["データ入力", "文字起こし", "画像の切り抜き", "記事作成"];

/// How many of those who stayed take units.
const ACTIVE: u32 = 40;

/// Published for 2021-12-15: 75 registered, 21 of them withdrawn (12 employment, 2 moved, 7 other).
const REGISTRATIONS: u32 = 75;

/// Somebody who will sign in.
#[derive(Debug, Clone)]
pub(super) struct Account {
    person: PersonId,
    role: Role,
    email: String,
}

/// Fills the town with its people; returns those with an account, one per role first.
pub(super) fn arrive(stage: &mut Stage) -> Result<Vec<Account>, Stop> {
    stage.turn_to(before(a_year_before(stage.today), 30), 10 * 60);
    describe(stage, &own_settings())?;
    let mut accounts = Vec::new();
    for (part, name, kana, roles) in STAFF {
        accounts.push(add_staff(stage, part, (name, kana), roles)?);
    }
    reckon_costs(stage)?;
    stage.skills = add_skills(stage)?;
    for number in 1..=REGISTRATIONS {
        let account =
            usize::try_from(number).ok().and_then(|number| WORKERS_WITH_ACCOUNT.get(number - 1)).copied();
        let person = add_worker_person(stage, number, account)?;
        accounts.extend(account.map(|part| Account { person, role: Role::Worker, email: email_of(part) }));
        register(stage, number, person)?;
    }
    Ok(accounts)
}

/// What the demo town says of itself.
pub(super) fn own_settings() -> SettingsInput {
    SettingsInput {
        name: "立科町テレワーク（デモ）".into(),
        municipal_code: "203246".into(),
        language: "ja".into(),
        legal_name: "一般社団法人デモ振興公社（架空）".into(),
        postal_address: "長野県北佐久郡立科町（デモのため番地なし）".into(),
        contact_email: "office@demo.example".into(),
        contact_phone: "0000-00-0000".into(),
        registration_number: String::new().into(),
        bank_account: "架空銀行 立科支店 普通 0000000 タテシナマチ（デモのため実在しません）".into(),
        answer_days: "2".into(),
        question_hours: "12".into(),
        fiscal_start_month: "4".into(),
        population: "6960".into(),
        population_as_of: "2022-01-01".into(),
    }
}

/// Says of a town that was just opened what its pages and papers say, and how it sells.
pub(super) fn describe(stage: &Stage, settings: &SettingsInput) -> Result<(), Stop> {
    stage.system(|tx| organizations::change_settings(tx, 1, settings))?;
    stage.system(sales::pipelines::install_usual)?;
    Ok(())
}

/// What the town reckons costs from. Invented, and says so.
fn reckon_costs(stage: &Stage) -> Result<(), Stop> {
    let rates = CostRatesInput {
        hourly_yen: "1100".into(),
        check_percent: "15".into(),
        redo_percent: "5".into(),
        fixed_yen: "2000".into(),
        margin_percent: "20".into(),
        source: "デモのための仮定（最低賃金の水準を目安に置いた架空の値）".into(),
        as_of: before(a_year_before(stage.today), 60).to_string().into(),
        ..CostRatesInput::default()
    };
    stage.act(stage.who("admin")?, |tx| costs::assume(tx, &rates)).map(|_rates| ())
}

fn email_of(part: &str) -> String {
    format!("{part}@demo.example")
}

fn add_staff(
    stage: &mut Stage,
    part: &'static str,
    (name, kana): (&str, &str),
    roles: &[Role],
) -> Result<Account, Stop> {
    let input = PersonInput {
        family_name: name.into(),
        family_kana: kana.into(),
        email: email_of(part).into(),
        language: "ja".into(),
        ..PersonInput::default()
    };
    let person = add(stage, &input, roles)?;
    if part != LAST_TO_JOIN {
        join(stage, person)?;
    }
    stage.cast(part, person);
    let role = roles.first().copied().unwrap_or(Role::Worker);
    Ok(Account { person, role, email: email_of(part) })
}

/// The worker of this number, who signs in where they have an account.
pub(super) fn add_worker_person(
    stage: &mut Stage,
    number: u32,
    account: Option<&'static str>,
) -> Result<PersonId, Stop> {
    let mut input = PersonInput {
        family_name: format!("住民ワーカー {number:02}").into(),
        family_kana: format!("ジュウミンワーカー {number:02}").into(),
        email: account.map(email_of).unwrap_or_default().into(),
        language: "ja".into(),
        ..PersonInput::default()
    };
    if number == SPEAKS_ENGLISH {
        input.family_name = format!("Worker {number:02}").into();
        input.language = "en".into();
    }
    let person = add(stage, &input, &[Role::Worker])?;
    if let Some(part) = account {
        join(stage, person)?;
        stage.cast(part, person);
    }
    Ok(person)
}

/// Lets somebody have chosen a password that nobody knows, so that they are mailed like everybody who has joined while the
/// town's history is played. What they sign in with is dealt at the end.
fn join(stage: &Stage, person: PersonId) -> Result<(), Stop> {
    let typed = Secret::generate().text().as_str().into();
    let hash = NewPassword::parse(&typed, &typed, &[]).map_err(Stop::failed)?.hash();
    stage.system(|tx| persons::set_password(tx, person, &hash))
}

/// Enters somebody with roles.
pub(super) fn add(stage: &Stage, input: &PersonInput, roles: &[Role]) -> Result<PersonId, Stop> {
    let roles: BTreeSet<Role> = roles.iter().copied().collect();
    stage.system(|tx| -> Result<PersonId, persons::PersonError> {
        let person = persons::add(tx, input)?;
        persons::set_roles(tx, person.id, &roles)?;
        Ok(person.id)
    })
}

/// Gives everybody with an account a random password, so that nobody can guess the demo's even on a server that others
/// reach. The last act of filling, and all at once: nobody signs in to half a town.
pub(super) fn hand_out_passwords(
    door: &Db,
    town: OrganizationId,
    accounts: Vec<Account>,
) -> Result<Vec<SignIn>, Stop> {
    let choose = |account: Account| {
        let password: String =
            Secret::generate().text().chars().filter(char::is_ascii_alphanumeric).take(16).collect();
        let typed = password.as_str().into();
        let hash = NewPassword::parse(&typed, &typed, &[]).map_err(Stop::failed)?.hash();
        let sign_in = SignIn { role: account.role.to_string(), email: account.email, password };
        Ok((account.person, hash, sign_in))
    };
    let chosen = accounts.into_iter().map(choose).collect::<Result<Vec<_>, Stop>>()?;
    door.run_blocking(Scope::system(town), |tx| -> Result<(), persons::PersonError> {
        chosen.iter().try_for_each(|(person, hash, _)| persons::set_password(tx, *person, hash))
    })
    .map_err(Stop::failed)?;
    Ok(chosen.into_iter().map(|(_, _, sign_in)| sign_in).collect())
}

/// The accounts of a town that was filled before, as far as their addresses are still there.
pub(super) fn accounts(door: &Db, town: OrganizationId) -> Result<Vec<Account>, Stop> {
    let found = with_accounts(door, town)?;
    Ok(found.into_iter().map(|(account, _)| account).collect())
}

/// Whether everybody in the town who signs in has a password already.
pub(super) fn have_passwords(door: &Db, town: OrganizationId) -> Result<bool, Stop> {
    let found = with_accounts(door, town)?;
    Ok(!found.is_empty() && found.iter().all(|(_, person)| person.has_password))
}

fn with_accounts(door: &Db, town: OrganizationId) -> Result<Vec<(Account, Person)>, Stop> {
    let staff = STAFF.iter().map(|(part, _, _, roles)| (*part, roles.first().copied()));
    let workers = WORKERS_WITH_ACCOUNT.iter().map(|part| (*part, Some(Role::Worker)));
    let mut found = Vec::new();
    for (part, role) in staff.chain(workers) {
        let email = email_of(part);
        let address = EmailAddress::parse(&email).map_err(Stop::failed)?;
        let person = door
            .run_blocking(Scope::system(town), |tx| persons::find_by_email(tx, &address))
            .map_err(Stop::failed)?;
        if let Some(person) = person {
            let account = Account { person: person.id, role: role.unwrap_or(Role::Worker), email };
            found.push((account, person));
        }
    }
    Ok(found)
}

/// What a town's workers may be asked for.
pub(super) fn add_skills(stage: &Stage) -> Result<Vec<skills::SkillId>, Stop> {
    SKILLS
        .iter()
        .map(|name| {
            let input = skills::SkillInput { name: (*name).into() };
            stage.system(|tx| skills::add(tx, input)).map(|skill| skill.id)
        })
        .collect()
}

/// Those who stayed and take no units begin their training in the weeks before today ([`super::beginnings`]).
///
/// Registrations run from April 2016 to December 2021; the last 21 numbers are those who left by then.
pub(super) fn register(stage: &mut Stage, number: u32, person: PersonId) -> Result<(), Stop> {
    let month = (number - 1) * 68 / REGISTRATIONS;
    let (year, month) = (2016 + (month + 3) / 12, (month + 3) % 12 + 1);
    let registered_on = format!("{year}-{month:02}-10");
    let minutes = 600 + (number % 5) * 150;
    let worker = stage.system(|tx| {
        let input = RegisterInput {
            weekly_minutes: minutes.to_string().into(),
            happened_on: registered_on.as_str().into(),
        };
        workers::register(tx, person, input)
    })?;
    if let Some(reason) = withdrawal(number) {
        let input = WithdrawInput { reason: reason.into(), happened_on: "2021-12-15".into() };
        stage.system(|tx| workers::withdraw(tx, worker.id, input))?;
        return Ok(());
    }
    if number <= ACTIVE {
        let step = || StepInput { happened_on: registered_on.as_str().into() };
        stage.system(|tx| workers::train(tx, worker.id, step()))?;
        stage.system(|tx| workers::activate(tx, worker.id, step()))?;
        let skills = grant(stage, number, worker.id)?;
        stage.hands.push(Hand { person, worker: worker.id, skills });
    }
    Ok(())
}

fn withdrawal(number: u32) -> Option<&'static str> {
    match number {
        55..=66 => Some("employment"),
        67..=68 => Some("moved"),
        69..=75 => Some("other"),
        _ => None,
    }
}

/// Everybody can enter data; most can do one thing more. The six with accounts can do all.
fn grant(stage: &Stage, number: u32, worker: WorkerId) -> Result<Vec<usize>, Stop> {
    let mut granted = Vec::new();
    for ((index, skill), place) in stage.skills.iter().enumerate().zip(0u32..) {
        if place == 0 || number <= 6 || number % 4 == place {
            let input = skills::GrantInput { level: "1".into(), ..skills::GrantInput::default() };
            stage.system(|tx| skills::grant(tx, worker, *skill, input))?;
            granted.push(index);
        }
    }
    Ok(granted)
}
