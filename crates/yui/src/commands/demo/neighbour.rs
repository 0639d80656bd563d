//! The town next door to the demo town: small, plainly invented too, and there so that orders can be shared with somebody.
//! Nobody signs in to it.

use accounts::Role;
use accounts::organizations::{self, NewTown, SettingsInput, TownKind};
use accounts::persons::PersonInput;

use super::calendar::{a_year_before, before};
use super::people;
use super::stage::Stage;
use crate::Stop;

/// Its name in addresses.
pub(super) const SLUG: &str = organizations::DEMO_NEIGHBOUR;

/// Part, family name, reading, roles. Nobody has a mail address.
const STAFF: [(&str, &str, &str, &[Role]); 2] = [
    ("coordinator", "隣町ディレクター 01", "トナリマチディレクター 01", &[Role::Coordinator, Role::Sales]),
    ("checker", "隣町ディレクター 02", "トナリマチディレクター 02", &[Role::Coordinator]),
];

/// How many workers it has.
const WORKERS: u32 = 4;

/// Opens it and lets its people arrive.
pub(super) fn open(home: &Stage) -> Result<Stage, Stop> {
    home.turn_to(before(a_year_before(home.today), 30), 11 * 60);
    let settings = settings();
    let town = NewTown {
        slug: SLUG.into(),
        name: settings.name.clone(),
        municipal_code: settings.municipal_code.clone(),
        language: settings.language.clone(),
        legal_name: settings.legal_name.clone(),
    };
    let organization = home
        .db
        .lobby_blocking(|lobby| organizations::open(lobby, TownKind::Demo, &town))
        .map_err(Stop::failed)?;
    let mut stage = home.beside(organization);
    people::describe(&stage, &settings)?;
    for (part, name, kana, roles) in STAFF {
        let input = PersonInput {
            family_name: name.into(),
            family_kana: kana.into(),
            language: "ja".into(),
            ..PersonInput::default()
        };
        let person = people::add(&stage, &input, roles)?;
        stage.cast(part, person);
    }
    stage.cast("sales", stage.who("coordinator")?);
    stage.skills = people::add_skills(&stage)?;
    for number in 1..=WORKERS {
        let person = people::add_worker_person(&mut stage, number, None)?;
        people::register(&mut stage, number, person)?;
    }
    Ok(stage)
}

fn settings() -> SettingsInput {
    SettingsInput {
        name: "みほん隣町テレワーク（デモ）".into(),
        legal_name: "一般社団法人みほん隣町振興会（架空）".into(),
        postal_address: "長野県みほん郡みほん隣町（デモのため番地なし）".into(),
        contact_email: "office@neighbour.example".into(),
        municipal_code: String::new().into(),
        population: String::new().into(),
        population_as_of: String::new().into(),
        bank_account: String::new().into(),
        // Nobody would answer an inquiry there.
        answer_days: String::new().into(),
        ..people::own_settings()
    }
}
