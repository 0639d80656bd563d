//! The verb against a real database: answers stay, the latest counts.

use super::*;
use crate::testing::Centre;
use crate::workers::{self, RegisterInput};

#[test]
fn answers_stay_and_the_latest_comes_first() {
    let centre = Centre::new();
    let worker = centre
        .as_coordinator(|tx| workers::register(tx, centre.worker, RegisterInput::default()))
        .unwrap()
        .id;
    let no = InvoiceRegistrationInput { registered: "no".into(), ..InvoiceRegistrationInput::default() };
    centre.as_worker(|tx| record(tx, worker, &no)).unwrap();
    let yes = InvoiceRegistrationInput {
        registered: "yes".into(),
        number: "T7123456789012".into(),
        valid_from: "2026-12-01".into(),
        ..InvoiceRegistrationInput::default()
    };
    centre.as_coordinator(|tx| record(tx, worker, &yes)).unwrap();
    let all = centre.as_worker(|tx| of_worker(tx, worker)).unwrap();
    let said: Vec<_> = all.iter().map(|one| (one.number.as_deref(), one.recorded_by)).collect();
    assert_eq!(said, [(Some("T7123456789012"), centre.coordinator), (None, centre.worker)]);
    assert_eq!(all[0].state_on("2026-11-30".parse().unwrap()), RegistrationState::NotYet);
}
