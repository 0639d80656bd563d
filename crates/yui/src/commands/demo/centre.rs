//! The demo town's telework centre: what it has, who sits there this week, when it is closed, and who comes to see it.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use db::DbError;
use workforce::bookings::{self, BookInput, BookingError, CloseInput};
use workforce::places::{self, Place, PlaceInput};
use workforce::visits::{self, VisitAnswerInput, VisitInput};

use super::stage::Stage;
use crate::Stop;

/// What there is: name, kind, what one should know before coming.
const PLACES: [(&str, &str, &str); 5] = [
    ("個室A", "room", "入口に段差はありません。扉の幅は85cmです。"),
    ("個室B", "room", "2階です。階段だけで、エレベーターはありません。"),
    ("窓ぎわの席", "desk", "机の高さを変えられます。"),
    ("静かな席", "desk", "電話はできません。"),
    ("スキャナー", "equipment", ""),
];

/// Furnishes it.
pub(super) fn furnish(stage: &Stage) -> Result<(), Stop> {
    let coordinator = stage.who("coordinator")?;
    let places: Vec<Place> = PLACES
        .iter()
        .map(|(name, kind, access)| stage.act(coordinator, |tx| places::open(tx, &place(name, kind, access))))
        .collect::<Result<_, Stop>>()?;
    let [next, later] = [1, 5].map(|days| weekday_from(stage.today + Days::new(days)));
    let taken = [
        ("worker3", 0, next, "9:00", "11:30"),
        ("worker", 0, next, "13:00", "15:00"),
        ("worker2", 2, next, "10:00", "16:00"),
        ("worker5", 4, later, "9:00", "12:00"),
    ];
    for (part, place, day, from, to) in taken {
        let input = book(&places, place, day, from, to);
        stage.act(stage.who(part)?, |tx| bookings::book(tx, &input))?;
    }
    close(stage, weekday_from(stage.today + Days::new(20)))?;
    receive(stage, &places, later)
}

/// The day, or the Monday after a weekend.
fn weekday_from(day: NaiveDate) -> NaiveDate {
    match day.weekday() {
        Weekday::Sat => day + Days::new(2),
        Weekday::Sun => day + Days::new(1),
        _ => day,
    }
}

fn place(name: &str, kind: &str, access: &str) -> PlaceInput {
    PlaceInput {
        name: name.into(),
        kind: kind.into(),
        opens_at: "9:00".into(),
        closes_at: "17:00".into(),
        weekdays: ["mon", "tue", "wed", "thu", "fri"].map(Into::into).to_vec(),
        access_note: access.into(),
    }
}

fn book(places: &[Place], place: usize, day: NaiveDate, from: &str, to: &str) -> BookInput {
    BookInput {
        place_id: places.get(place).map(|place| place.id.to_string()).unwrap_or_default().into(),
        day: day.to_string().into(),
        from: from.into(),
        to: to.into(),
        ..BookInput::default()
    }
}

fn close(stage: &Stage, day: NaiveDate) -> Result<(), Stop> {
    let input = CloseInput {
        first_day: day.to_string().into(),
        note: "建物の点検（架空）".into(),
        ..CloseInput::default()
    };
    stage.act(stage.who("coordinator")?, |tx| -> Result<_, BookingError> { bookings::close(tx, &input) })?;
    Ok(())
}

fn receive(stage: &Stage, places: &[Place], day: NaiveDate) -> Result<(), Stop> {
    let coordinator = stage.who("coordinator")?;
    let visit = |body: &str, day: NaiveDate, people: &str, wish: &str| VisitInput {
        body_name: body.into(),
        contact: "企画課（架空）".into(),
        people: people.into(),
        day: day.to_string().into(),
        from: "13:30".into(),
        to: "15:00".into(),
        wish: wish.into(),
    };
    let expected = visit("みほん市（架空）", day, "6", "運営の体制と、仕事の取り方を聞きたい");
    let room = places.get(1).map(|place| place.id.to_string()).unwrap_or_default();
    stage.act(coordinator, |tx| -> Result<_, visits::VisitError> {
        let asked = visits::ask(tx, &expected)?;
        let answer = VisitAnswerInput {
            decision: "accepted".into(),
            guide_id: tx.actor().person().ok_or(DbError::NotFound)?.to_string().into(),
            place_id: room.into(),
            answer: "お待ちしています。".into(),
        };
        visits::answer(tx, asked.id, asked.version, &answer)
    })?;
    let asked = visit("みほん大学（架空）", weekday_from(day + Days::new(3)), "15", "");
    stage.act(stage.who("officer")?, |tx| visits::ask(tx, &asked))?;
    Ok(())
}
