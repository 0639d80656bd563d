//! The verbs against a real database.

use diesel::prelude::*;
use kernel::{Code, Coded, Paging};

use super::*;
use crate::testing::Centre;
use crate::workers::{self, RegisterInput};

fn words(body: &str) -> VoiceInput {
    VoiceInput { body: body.into(), shown_as: "30代".into(), consent: "yes".into() }
}

fn registered(centre: &Centre) -> WorkerId {
    centre.as_coordinator(|tx| workers::register(tx, centre.worker, RegisterInput::default())).unwrap().id
}

fn read(centre: &Centre) -> Vec<String> {
    let page = centre.as_other(|tx| shown(tx, &Paging::first(9))).unwrap();
    page.items.into_iter().map(|one| one.body).collect()
}

#[test]
fn a_voice_is_shown_only_where_its_worker_agreed_and_the_town_chose_it() {
    let centre = Centre::new();
    let worker = registered(&centre);
    let silent = VoiceInput { consent: String::new().into(), ..words("家で働けてうれしい") };
    let refused = centre.as_worker(|tx| give(tx, worker, &silent)).unwrap_err();
    assert_eq!((refused.fields()[0].field.as_str(), refused.fields()[0].code), ("consent", Code::Required));
    let voice = centre.as_worker(|tx| give(tx, worker, &words("家で働けてうれしい"))).unwrap();
    assert_eq!((voice.state(), read(&centre)), (VoiceState::Agreed, Vec::new()));
    let voice = centre.as_coordinator(|tx| show(tx, voice.id, 1)).unwrap();
    assert_eq!((voice.state(), read(&centre)), (VoiceState::Shown, vec!["家で働けてうれしい".to_owned()]));
    assert_eq!(centre.as_coordinator(|tx| hide(tx, voice.id, 1)).unwrap_err().code(), Code::Stale);
    centre.as_coordinator(|tx| hide(tx, voice.id, 2)).unwrap();
    assert!(read(&centre).is_empty());
}

#[test]
fn a_withdrawn_voice_is_gone_at_once_and_for_good() {
    let centre = Centre::new();
    let worker = registered(&centre);
    let voice = centre.as_worker(|tx| give(tx, worker, &words("一"))).unwrap();
    let shown_one = centre.as_coordinator(|tx| show(tx, voice.id, 1)).unwrap();
    let gone = centre.as_worker(|tx| withdraw(tx, voice.id)).unwrap();
    assert_eq!((gone.state(), gone.shown_at), (VoiceState::Withdrawn, None));
    assert!(read(&centre).is_empty());
    let again = centre.as_coordinator(|tx| show(tx, voice.id, gone.version)).unwrap_err();
    assert_eq!(again.code(), Code::Conflict);
    assert_eq!(
        centre.as_coordinator(|tx| hide(tx, voice.id, shown_one.version)).unwrap_err().code(),
        Code::Conflict
    );
    // Nor by a statement of the application's own role.
    let forced = centre.as_coordinator(|tx| -> Result<_, DbError> {
        Ok(diesel::sql_query("UPDATE voices SET withdrawn_at = NULL").execute(tx.conn())?)
    });
    assert_eq!(forced.unwrap(), 0);
}

#[test]
fn shown_voices_page_by_the_time_they_were_shown() {
    let centre = Centre::new();
    let worker = registered(&centre);
    for (body, at) in
        [("一", "2026-11-24T01:00:00Z"), ("二", "2026-11-24T02:00:00Z"), ("三", "2026-11-24T02:00:00Z")]
    {
        centre.at(at);
        let voice = centre.as_worker(|tx| give(tx, worker, &words(body))).unwrap();
        centre.as_coordinator(|tx| show(tx, voice.id, 1)).unwrap();
    }
    let page = |after| centre.as_other(|tx| shown(tx, &Paging { after, limit: 2 })).unwrap();
    let first = page(None);
    let rest = page(first.next);
    let bodies: Vec<_> = first.items.into_iter().chain(rest.items).map(|one| one.body).collect();
    assert_eq!((bodies.concat(), rest.next), ("三二一".to_owned(), None));
}
