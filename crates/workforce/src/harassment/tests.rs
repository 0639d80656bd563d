//! The desk against a real database: who sees what.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{Code, Coded, Paging};

use super::*;
use crate::testing::Centre;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn contact(person: PersonId) -> DeskContactInput {
    DeskContactInput { person_id: person.to_string().into(), ..DeskContactInput::default() }
}

fn words(body: &str) -> ReportMessageInput {
    ReportMessageInput { body: body.into(), ..ReportMessageInput::default() }
}

/// A desk of the coordinator and an officer, and a report about the coordinator, which names the officer alone.
fn desk_and_report(centre: &Centre, shows_name: &str) -> (PersonId, Report) {
    let officer = centre.db.person(centre.town, "Officer", &["officer"]);
    for person in [centre.coordinator, officer] {
        centre.as_coordinator(|tx| appoint(tx, &contact(person))).unwrap();
    }
    let input = ReportInput {
        body: "どなられました".into(),
        readers: vec![officer.to_string().into()],
        shows_name: shows_name.into(),
    };
    (officer, centre.as_worker(|tx| report(tx, &input)).unwrap())
}

#[test]
fn a_report_is_there_for_those_named_and_nobody_else() {
    let centre = Centre::new();
    let admin = centre.db.person(centre.town, "Admin", &["admin"]);
    let (officer, sent) = desk_and_report(&centre, "yes");
    for nobody in [centre.coordinator, admin, centre.other] {
        let refused = centre.as_person(nobody, |tx| find(tx, sent.id)).unwrap_err();
        assert_eq!(refused.code(), Code::NotFound);
        assert!(centre.as_person(nobody, |tx| list(tx, &Paging::first(9))).unwrap().items.is_empty());
        assert_eq!(centre.as_person(nobody, waiting).unwrap(), 0);
        let said = centre.as_person(nobody, |tx| say(tx, sent.id, &words("x"))).unwrap_err();
        assert_eq!(said.code(), Code::NotFound);
        // Nor by any statement of the application's own role.
        for table in ["harassment_reports", "harassment_readers", "harassment_messages"] {
            let rows: Count = centre
                .as_person(nobody, |tx| -> Result<_, DbError> {
                    Ok(diesel::sql_query(format!("SELECT count(*) AS count FROM {table}"))
                        .get_result(tx.conn())?)
                })
                .unwrap();
            assert_eq!(rows.count, 0, "{table} for {nobody}");
        }
        let forced = centre.as_person(nobody, |tx| -> Result<_, DbError> {
            let sql =
                "INSERT INTO harassment_readers (report_id, person_id, reporter_id) VALUES ($1, $2, $3)";
            Ok(diesel::sql_query(sql)
                .bind::<BigInt, _>(sent.id.0)
                .bind::<BigInt, _>(nobody.0)
                .bind::<BigInt, _>(centre.worker.0)
                .execute(tx.conn())?)
        });
        assert!(forced.is_err(), "nobody names themselves");
    }
    let read = centre.as_person(officer, |tx| find(tx, sent.id)).unwrap();
    assert_eq!((read.reporter_id, read.is_own, read.state), (Some(centre.worker), false, ReportState::Sent));
    assert_eq!(centre.as_person(officer, waiting).unwrap(), 1);
}

#[test]
fn a_reporter_who_wants_no_name_has_none_anywhere_but_with_themselves() {
    let centre = Centre::new();
    let (officer, sent) = desk_and_report(&centre, "");
    assert_eq!(sent.reporter_id, Some(centre.worker), "their own report is theirs");
    let (read, said) = centre
        .as_person(officer, |tx| -> Result<_, DbError> {
            let read = find(tx, sent.id)?;
            let said = messages(tx, &read)?;
            Ok((read, said))
        })
        .unwrap();
    assert_eq!((read.reporter_id, said[0].person_id, said[0].from_reporter), (None, None, true));
    centre.as_person(officer, |tx| say(tx, sent.id, &words("話を聞かせてください"))).unwrap();
    let answered = centre.as_worker(|tx| find(tx, sent.id)).unwrap();
    assert_eq!(answered.state, ReportState::Handled);
    let told: Vec<_> = centre.told::<ReportSaid>().into_iter().map(|fact| fact.to).collect();
    assert_eq!(told, [vec![officer], vec![centre.worker]]);
    let trail: Count = diesel::sql_query(
        "SELECT count(*) AS count FROM audit_entries WHERE table_name LIKE 'harassment%' \
         AND table_name <> 'harassment_contacts'",
    )
    .get_result(&mut centre.db.owner())
    .unwrap();
    assert_eq!(trail.count, 0, "the trail would name them");
}

#[test]
fn a_report_goes_back_and_forth_until_those_named_settle_it() {
    let centre = Centre::new();
    let (officer, sent) = desk_and_report(&centre, "yes");
    let closing = ReportMessageInput { closes: "yes".into(), ..words("終わりにします") };
    // The reporter adds to it and does not settle it.
    let more = centre.as_worker(|tx| say(tx, sent.id, &closing)).unwrap();
    assert_eq!(more.state, ReportState::Sent);
    let closed = centre.as_person(officer, |tx| say(tx, sent.id, &closing)).unwrap();
    assert!(closed.state == ReportState::Closed && closed.closed_at.is_some());
    let late = centre.as_worker(|tx| say(tx, sent.id, &words("まだあります"))).unwrap_err();
    assert_eq!(late.code(), Code::Conflict);
    let said = centre.as_worker(|tx| messages(tx, &closed)).unwrap();
    assert_eq!(said.iter().map(|one| one.from_reporter).collect::<Vec<_>>(), [true, true, false]);
}

#[test]
fn only_people_of_the_desk_are_named_and_nobody_stands_there_twice() {
    let centre = Centre::new();
    centre.as_coordinator(|tx| appoint(tx, &contact(centre.coordinator))).unwrap();
    let twice = centre.as_coordinator(|tx| appoint(tx, &contact(centre.coordinator))).unwrap_err();
    assert_eq!(twice.fields()[0].code, Code::Taken);
    let stranger = ReportInput {
        body: "x".into(),
        readers: vec![centre.other.to_string().into()],
        ..ReportInput::default()
    };
    let refused = centre.as_worker(|tx| report(tx, &stranger)).unwrap_err();
    assert_eq!(
        (refused.fields()[0].field.as_str(), refused.fields()[0].code),
        ("readers", Code::UnknownChoice)
    );
    let outside = DeskContactInput { name: "みほん法律相談".into(), ..DeskContactInput::default() };
    let unreachable = centre.as_coordinator(|tx| appoint(tx, &outside)).unwrap_err();
    assert_eq!(unreachable.fields()[0].field, "reach");
    let outside = DeskContactInput { reach: "0000-00-0000".into(), ..outside };
    let named = centre.as_coordinator(|tx| appoint(tx, &outside)).unwrap();
    centre.as_coordinator(|tx| dismiss(tx, named.id)).unwrap();
    assert_eq!(centre.as_worker(desk).unwrap().len(), 1);
}
