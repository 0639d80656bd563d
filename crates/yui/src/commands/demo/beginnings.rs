//! People on their way into work as they stand this morning: one waits for an interview, one has a day for it, one was
//! talked with yesterday; what was learned and shown; and which hours people offer.

use accounts::Role;
use accounts::persons::PersonInput;
use kernel::{Paging, WorkerId};
use workforce::availability::{self, AvailabilityError, ConditionsInput, DayInput, WeekInput};
use workforce::courses::{self, CourseDayInput, CourseError, CourseId, CourseInput, SeatInput};
use workforce::interviews::{self, Interview, InterviewError, InterviewInput, OutcomeInput};
use workforce::skills::{self, GrantInput};
use workforce::trials::{self, TrialInput};
use workforce::waiting;
use workforce::workers::{self, RegisterInput, StepInput, WorkerError, WorkerState};

use super::calendar::before;
use super::people;
use super::stage::Stage;
use crate::Stop;

/// How many days ago each of them asked to take part.
const APPLICANTS: [(u32, u64); 3] = [(1, 3), (2, 9), (3, 16)];

/// When a training was planned that is over by now, when it was, and when the next one is, in days before and after today.
const PLANNED: u64 = 20;
const HELD: i64 = -6;
const NEXT: i64 = 8;

/// Lets them come; the stage stands on the evening before today.
pub(super) fn play(stage: &Stage) -> Result<(), Stop> {
    stage.turn_to(before(stage.today, PLANNED), 10 * 60);
    let held = plan_course(stage, "文字起こし中級", "2", HELD)?;
    evening(stage);
    let mut applicants = Vec::new();
    for (number, days) in APPLICANTS {
        applicants.push(apply(stage, number, days)?);
    }
    if let [_new, planned, held] = applicants[..] {
        talk(stage, planned, 4, None)?;
        talk(stage, held, -1, Some("go_on"))?;
    }
    complete(stage, held)?;
    begin_training(stage)?;
    renew(stage)?;
    train(stage)?;
    offer_hours(stage)?;
    rest_today(stage)?;
    evening(stage);
    Ok(())
}

fn evening(stage: &Stage) {
    stage.turn_to(before(stage.today, 1), 17 * 60);
}

/// Somebody says this morning that they have today off.
fn rest_today(stage: &Stage) -> Result<(), Stop> {
    let [.., resting, _last] = &stage.hands[..] else { return Ok(()) };
    stage.turn_to(stage.today, 0);
    stage.act(resting.person, |tx| availability::off_today(tx, resting.worker))?;
    Ok(())
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

/// A training in the hall, so many days from today, which leads to a level of transcribing.
fn plan_course(stage: &Stage, title: &str, level: &str, days: i64) -> Result<CourseId, Stop> {
    let skill = stage.skills.get(1).map(ToString::to_string).unwrap_or_default();
    let day = stage.today + chrono::TimeDelta::days(days);
    let input = CourseInput {
        title: title.into(),
        about: "話し言葉を読みやすい文にする練習をします。道具はセンターにあります。".into(),
        skill_id: skill.into(),
        level: level.into(),
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
    stage.act(stage.who("coordinator")?, |tx| {
        let course = courses::add(tx, &input)?;
        for hand in stage.hands.iter().take(2) {
            courses::enrol(tx, course.id, hand.worker)?;
        }
        Ok::<_, CourseError>(course.id)
    })
}

/// Whoever had a seat completed the training that was.
fn complete(stage: &Stage, held: CourseId) -> Result<(), Stop> {
    stage.act(stage.who("coordinator")?, |tx| {
        for seat in courses::enrolments(tx, held, &Paging::first(10))?.items {
            courses::note(tx, seat.id, &SeatInput { state: "completed".into() })?;
        }
        Ok::<_, CourseError>(())
    })
}

/// A training next week with some seats taken, and a trial that shows what is still to be learned for it.
fn train(stage: &Stage) -> Result<(), Stop> {
    let lead = stage.who("coordinator")?;
    let (Some(skill), [_first, second, ..]) = (stage.skills.get(1), &stage.hands[..]) else { return Ok(()) };
    plan_course(stage, "文字起こし上級", "3", NEXT)?;
    let trial = TrialInput {
        skill_id: skill.to_string().into(),
        level: "3".into(),
        units: "10".into(),
        good: "7".into(),
        outcome: "not_yet".into(),
        findings: "聞き取りは正確です。句読点の付け方を、もう一度見本で確かめましょう。".into(),
    };
    stage.act(lead, |tx| trials::assess(tx, second.worker, &trial))?;
    Ok(())
}

/// Whoever is registered and takes no units has begun a training within the last weeks.
fn begin_training(stage: &Stage) -> Result<(), Stop> {
    let lead = stage.who("coordinator")?;
    let registered = stage.act(lead, |tx| -> Result<_, WorkerError> {
        Ok(waiting::list(tx, Some(WorkerState::Registered), &Paging::first(100))?.items)
    })?;
    for (days, one) in (3..).step_by(3).zip(registered) {
        let step = StepInput { happened_on: before(stage.today, days).to_string().into() };
        stage.act(lead, |tx| workers::train(tx, one.worker.id, step))?;
    }
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
        ..InterviewInput::default()
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
