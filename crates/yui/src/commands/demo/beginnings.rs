//! People on their way into work as they stand this morning: one waits for an interview, one has a day for it, one was
//! talked with yesterday.

use accounts::Role;
use accounts::persons::PersonInput;
use kernel::WorkerId;
use workforce::availability::{self, AvailabilityError, ConditionsInput, DayInput, WeekInput};
use workforce::courses::{self, CourseDayInput, CourseError, CourseInput};
use workforce::interviews::{self, Interview, InterviewError, InterviewInput, OutcomeInput};
use workforce::skills::{self, GrantInput};
use workforce::trials::{self, TrialInput};
use workforce::workers::{self, RegisterInput};

use super::calendar::before;
use super::people;
use super::stage::Stage;
use crate::Stop;

/// How many days ago each of them asked to take part.
const APPLICANTS: [(u32, u64); 3] = [(1, 3), (2, 9), (3, 16)];

/// Lets them come; the stage stands on the evening before today.
pub(super) fn play(stage: &Stage) -> Result<(), Stop> {
    stage.turn_to(before(stage.today, 1), 17 * 60);
    let mut applicants = Vec::new();
    for (number, days) in APPLICANTS {
        applicants.push(apply(stage, number, days)?);
    }
    if let [_new, planned, held] = applicants[..] {
        talk(stage, planned, 4, None)?;
        talk(stage, held, -1, Some("go_on"))?;
    }
    renew(stage)?;
    train(stage)?;
    offer_hours(stage)
}

/// Somebody says which hours of the week they offer; somebody takes a day off and takes no calls.
fn offer_hours(stage: &Stage) -> Result<(), Stop> {
    let [first, .., last] = &stage.hands[..] else { return Ok(()) };
    let week = WeekInput {
        tuesday: "9-11".into(),
        wednesday: "9-12, 13-15".into(),
        thursday: "9-11".into(),
        friday: "10-14".into(),
        saturday: "9-12".into(),
        ..WeekInput::default()
    };
    let off = stage.today + chrono::TimeDelta::days(40);
    let off = DayInput { day: off.to_string().into(), ..DayInput::default() };
    let ways = ConditionsInput { conditions: vec!["no_phone".into()] };
    stage.act(last.person, |tx| availability::set_week(tx, last.worker, &week))?;
    stage.act(first.person, |tx| -> Result<_, AvailabilityError> {
        availability::set_day(tx, first.worker, &off)?;
        availability::set_conditions(tx, first.worker, &ways)
    })?;
    Ok(())
}

/// A training next week with some seats taken, and one that somebody completed.
fn train(stage: &Stage) -> Result<(), Stop> {
    let lead = stage.who("coordinator")?;
    let (Some(skill), [first, second, ..]) = (stage.skills.get(1), &stage.hands[..]) else { return Ok(()) };
    let day = stage.today + chrono::TimeDelta::days(8);
    let input = CourseInput {
        title: "文字起こし中級".into(),
        about: "話し言葉を読みやすい文にする練習をします。道具はセンターにあります。".into(),
        skill_id: skill.to_string().into(),
        level: "2".into(),
        valid_months: "24".into(),
        seats: "6".into(),
        way: "hall".into(),
        place: "テレワークセンター 会議室".into(),
        is_paid: "yes".into(),
        days: vec![CourseDayInput {
            day: day.to_string().into(),
            from: "10:00".into(),
            until: "12:00".into(),
        }],
    };
    stage.act(lead, |tx| -> Result<_, CourseError> {
        let course = courses::add(tx, &input)?;
        courses::enrol(tx, course.id, first.worker)?;
        courses::enrol(tx, course.id, second.worker)
    })?;
    let trial = TrialInput {
        skill_id: skill.to_string().into(),
        level: "2".into(),
        units: "10".into(),
        good: "7".into(),
        outcome: "not_yet".into(),
        findings: "聞き取りは正確です。句読点の付け方を、もう一度見本で確かめましょう。".into(),
    };
    stage.act(lead, |tx| trials::assess(tx, second.worker, &trial))?;
    Ok(())
}

/// Somebody's first skill was looked at again, and runs out within the month.
fn renew(stage: &Stage) -> Result<(), Stop> {
    let (Some(hand), Some(skill)) = (stage.hands.first(), stage.skills.get(1)) else { return Ok(()) };
    let until = stage.today + chrono::TimeDelta::days(20);
    let input = GrantInput {
        level: "2".into(),
        expires_on: until.to_string().into(),
        evidence: "trial".into(),
        evidence_note: "会議の録音30分を見本のとおりに起こした".into(),
        ..GrantInput::default()
    };
    stage.act(stage.who("coordinator")?, |tx| skills::grant(tx, hand.worker, *skill, input))
}

fn apply(stage: &Stage, number: u32, days: u64) -> Result<WorkerId, Stop> {
    let input = PersonInput {
        family_name: format!("申込者 {number:02}").into(),
        family_kana: format!("モウシコミシャ {number:02}").into(),
        language: "ja".into(),
        ..PersonInput::default()
    };
    let person = people::add(stage, &input, &[Role::Worker])?;
    let on = before(stage.today, days).to_string();
    let asked = RegisterInput { weekly_minutes: "480".into(), happened_on: on.into() };
    stage.act(stage.who("coordinator")?, |tx| workers::apply(tx, person, asked)).map(|worker| worker.id)
}

/// Plans an interview so many days from today, or writes down what came of one.
fn talk(stage: &Stage, worker: WorkerId, days: i64, outcome: Option<&str>) -> Result<(), Stop> {
    let lead = stage.who("coordinator")?;
    let day = stage.today + chrono::TimeDelta::days(days);
    let input = InterviewInput {
        day: day.to_string().into(),
        time: "10:30".into(),
        way: "online".into(),
        interviewer_id: lead.to_string().into(),
    };
    stage.act(lead, |tx| -> Result<Interview, InterviewError> {
        let planned = interviews::plan(tx, worker, &input)?;
        match outcome {
            Some(word) => {
                let outcome = OutcomeInput { outcome: word.into() };
                interviews::conclude(tx, planned.id, planned.version, &outcome)
            }
            None => Ok(planned),
        }
    })?;
    Ok(())
}
