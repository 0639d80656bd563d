//! What the demo town steers by: the targets and the roadmap of its fiscal year, agreed by the town's office, and the deals as
//! they stood in the week the play ended.

use chrono::{Days, NaiveDate};
use db::DbError;
use kernel::{FiscalYear, Period, PersonId, date_in_japan};
use sales::advice::{self, HeldInput, ReportInput, SessionId, SessionInput};
use sales::findings::{self, FindingInput};
use sales::forecasts::{self, AdjustmentInput};
use sales::roadmaps::{self, Milestone, MilestoneInput, ReachedInput};
use sales::targets::{self, PlanInput, TargetError, TargetInput};
use sales::{AdviceError, FindingError};

use super::calendar::before;
use super::stage::Stage;
use crate::Stop;

/// What is counted, of whom, when, and how much: invented but for the first, which is what the town's orders came to in
/// fiscal 2021.
const TARGETS: &[(&str, &str, &str, i64)] = &[
    ("orders_yen", "town", "year", 19_100_000),
    ("orders_yen", "town", "h1", 8_000_000),
    ("orders_yen", "town", "h2", 11_000_000),
    ("orders_yen", "town", "q3", 5_000_000),
    ("new_clients", "town", "year", 10),
    ("calls", "team", "q3", 60),
    ("visits", "team", "q3", 24),
    ("own_share", "town", "year", 70),
    ("active_workers", "town", "year", 60),
    ("paid_to_residents", "town", "year", 9_000_000),
];

/// Agrees on targets and freezes the week's forecast, at the end of the last day before today.
pub(super) fn set(stage: &Stage) -> Result<(), Stop> {
    stage.turn_to(before(stage.today, 1), 17 * 60);
    let (officer, seller) = (stage.who("officer")?, stage.who("sales")?);
    stage.act(officer, |tx| -> Result<_, TargetError> {
        let (year, _) = targets::this_year(tx)?;
        let reason = "昨年度の実績と、助言をもとに決めた（デモの値）";
        let input = PlanInput { fiscal_year: year.to_string().into(), reason: reason.into() };
        let plan = targets::open_version(tx, &input)?.id;
        for (metric, scope, period, value) in TARGETS {
            targets::set(tx, plan, &target(metric, scope, period, *value))?;
        }
        let own = target("calls", "person", "q3", 25);
        targets::set(tx, plan, &TargetInput { person_id: seller.to_string().into(), ..own })?;
        targets::close_version(tx, plan)
    })?;
    stage.act(officer, |tx| -> Result<_, DbError> { forecasts::freeze(tx) })?;
    plan(stage)?;
    advise(stage)?;
    let (year, period) = stage.act(seller, |tx| -> Result<_, DbError> {
        let (year, first) = targets::this_year(tx)?;
        let today = date_in_japan(tx.now());
        Ok((year, Period::of_length(3, first, today).unwrap_or(Period::Year)))
    })?;
    stage.act(seller, |tx| forecasts::adjust(tx, &thinks(year, period)))?;
    Ok(())
}

/// What an adviser came for three times in fiscal 2020, as the town has published it, here in the play's year, by days before
/// its last one; the words of the advice are invented, and say so.
const SESSIONS: [(&str, &str, u64); 3] = [
    (
        "営業の課題と論点の整理、分析のしかた、ロードマップ",
        "見積に時間がかかる。段階ごとの割合を見て、止まる所から直す。（デモの値）",
        200,
    ),
    ("営業チームの役割と姿勢、目標の決め方", "目標は四半期で決め、理由を残す。（デモの値）", 95),
    ("ほかの自治体との連携、町のほかの事業との相乗効果", "近隣の町と再委託の取り決めを結ぶ。（デモの値）", 3),
];

/// In how many days the next session is, which is invented.
const LATER: u64 = 20;

/// The three sessions, each with what was found: two reported, the last one’s report is due; and the next one, planned.
fn advise(stage: &Stage) -> Result<(), Stop> {
    let officer = stage.who("officer")?;
    for (asked, advised, days) in SESSIONS {
        let held = stage.act(officer, |tx| -> Result<_, AdviceError> {
            let planned =
                advice::plan(tx, &session(date_in_japan(tx.now()) - Days::new(days), "on_site", asked))?;
            let told = HeldInput { advised: advised.into(), ..HeldInput::default() };
            let held = advice::hold(tx, planned.id, planned.version, &told)?;
            if days > 7 {
                let report = ReportInput { report: advised.into(), ..ReportInput::default() };
                advice::report(tx, held.id, held.version, &report)?;
            }
            Ok(held)
        })?;
        find(stage, officer, held.id, advised)?;
    }
    stage.act(officer, |tx| {
        let later = date_in_japan(tx.now()) + Days::new(LATER);
        advice::plan(tx, &session(later, "online", "次の年度の目標（デモの値）"))
    })?;
    Ok(())
}

/// A session on a day.
fn session(day: NaiveDate, way: &str, asked: &str) -> SessionInput {
    SessionInput {
        held_on: day.to_string().into(),
        way: way.into(),
        minutes: if way == "online" { "90" } else { "" }.into(),
        adviser: "アドバイザー 01".into(),
        asked: asked.into(),
        ..SessionInput::default()
    }
}

/// What was found in a session.
fn find(stage: &Stage, officer: PersonId, session: SessionId, advised: &str) -> Result<(), Stop> {
    stage.act(officer, |tx| -> Result<_, FindingError> {
        let input = FindingInput {
            title: advised.split('。').next().unwrap_or_default().into(),
            kind: "process".into(),
            owner_id: officer.to_string().into(),
            session_id: session.to_string().into(),
            ..FindingInput::default()
        };
        findings::raise(tx, &input)
    })?;
    Ok(())
}

/// A milestone: its title, the month of the year at whose end it is planned, what it is bound to and how much of it.
struct Planned(&'static str, usize, Option<(&'static str, i64)>);

/// What is to be reached by when. Each waits for the one before it.
const MILESTONES: [Planned; 6] = [
    Planned("課題を整理する（第1回の助言）", 3, None),
    Planned("見積のひな型をつくる", 6, None),
    Planned("取引先10社", 9, Some(("new_clients", 10))),
    Planned("検品の手順をそろえる", 10, None),
    Planned("近隣の町と再委託の取り決めを結ぶ", 11, None),
    Planned("年間の受注1,910万円", 12, Some(("orders_yen", 19_100_000))),
];

/// How many days late the first milestone was reached, and by how many the second was moved.
const REACHED_LATE: Days = Days::new(12);
const MOVED: Days = Days::new(75);

/// The year's roadmap: what was reached is done, one milestone has slipped.
fn plan(stage: &Stage) -> Result<(), Stop> {
    let (officer, coordinator) = (stage.who("officer")?, stage.who("coordinator")?);
    let (year, first) = stage.act(officer, targets::this_year)?;
    let months = Period::Year.cut(1);
    let mut entered: Vec<Milestone> = Vec::new();
    for Planned(title, month, bound) in MILESTONES {
        let due = months.get(month - 1).map_or(first, |month| month.span(first).last);
        let (metric, value) = bound.map(|(metric, value)| (metric, value.to_string())).unwrap_or_default();
        let input = MilestoneInput {
            fiscal_year: year.to_string().into(),
            title: title.into(),
            due_on: due.to_string().into(),
            owner_id: if bound.is_some() { officer } else { coordinator }.to_string().into(),
            metric: metric.into(),
            value: value.into(),
            needs: entered.last().iter().map(|one| one.id.to_string().into()).collect(),
            ..MilestoneInput::default()
        };
        entered.push(stage.act(officer, |tx| roadmaps::enter(tx, &input))?);
    }
    if let Some(one) = entered.first().filter(|one| one.due_on + REACHED_LATE <= stage.today) {
        let reached = ReachedInput { done_on: (one.due_on + REACHED_LATE).to_string().into() };
        stage.act(officer, |tx| roadmaps::finish(tx, one.id, one.version, &reached))?;
    }
    if let Some(one) = entered.get(1) {
        let input = MilestoneInput {
            due_on: (one.due_on + MOVED).to_string().into(),
            reason: "見本にする商談がそろわなかったため".into(),
            ..MilestoneInput::from(one)
        };
        stage.act(officer, |tx| roadmaps::change(tx, one.id, one.version, &input))?;
    }
    Ok(())
}

fn target(metric: &str, scope: &str, period: &str, value: i64) -> TargetInput {
    TargetInput {
        metric: metric.into(),
        scope: scope.into(),
        period: period.into(),
        value: value.to_string().into(),
        reason: "デモの値".into(),
        ..TargetInput::default()
    }
}

fn thinks(year: FiscalYear, period: Period) -> AdjustmentInput {
    AdjustmentInput {
        fiscal_year: year.to_string().into(),
        period: period.as_str().into(),
        amount: "-50000".into(),
        reason: "1社の決裁が来月になりそう".into(),
        ..AdjustmentInput::default()
    }
}
