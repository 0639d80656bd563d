//! Orders: split, offered, claimed, handed in, checked by somebody else, delivered and accepted.

use std::sync::{Arc, Mutex, PoisonError};

use fulfillment::acceptance::{self, AnswerInput, UnitAnswer};
use fulfillment::claims::{self, ClaimInput};
use fulfillment::deliveries::{self, DeliverInput};
use fulfillment::events::DeliverySent;
use fulfillment::jobs::{self, JobInput};
use fulfillment::orders::{self, Order, OrderFilter};
use fulfillment::reviews::{self, ReviewInput};
use fulfillment::submissions::{self, SubmitInput};
use fulfillment::terms;
use kernel::{DeliveryId, JobId, Language, Paging, SubmissionId, UnitId};
use queue::{Registry, Runner};
use workforce::workers;

use super::stage::Stage;
use crate::Stop;

/// How far one order went, by the beginning of its title.
struct Course {
    title: &'static str,
    began: u64,
    units: u32,
    minutes: u32,
    pay: u32,
    due: i64,
    /// Per worker: how many units they claimed and how many of these they handed in.
    hands: &'static [(&'static str, u32, usize)],
    /// How many handed-in units were checked; every seventh is sent back.
    checked: usize,
    delivered: bool,
}

const COURSES: [Course; 3] = [
    Course {
        title: "バス",
        began: 14,
        units: 24,
        minutes: 12,
        pay: 120,
        due: 1,
        hands: &[("worker", 12, 12), ("worker2", 12, 12)],
        checked: 24,
        delivered: true,
    },
    Course {
        title: "商品写真",
        began: 8,
        units: 30,
        minutes: 8,
        pay: 150,
        due: 6,
        hands: &[("worker", 6, 4), ("worker3", 10, 7), ("worker4", 8, 0)],
        checked: 5,
        delivered: false,
    },
    Course {
        title: "広報誌",
        began: 3,
        units: 12,
        minutes: 60,
        pay: 1100,
        due: 15,
        hands: &[("worker5", 2, 0)],
        checked: 0,
        delivered: false,
    },
];

/// What the demo's client finds in the post: the facts about deliveries, from which links are made.
#[derive(Clone, Default)]
pub(super) struct Post(Arc<Mutex<Vec<DeliverySent>>>);

impl Post {
    /// Listens for deliveries while the demo is filled.
    pub(super) fn subscribe(registry: &mut Registry) -> Self {
        let post = Self::default();
        let arrived = post.clone();
        registry.subscribe::<DeliverySent>("demo-post", move |_tx, sent| {
            arrived.0.lock().unwrap_or_else(PoisonError::into_inner).push(sent.fact);
            Ok(())
        });
        post
    }

    fn about(&self, delivery: DeliveryId) -> Option<DeliverySent> {
        let arrived = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        arrived.iter().find(|sent| sent.delivery == delivery).cloned()
    }
}

/// Plays every course; the last won deal stays a draft order, so that there is something to split.
pub(super) fn play(stage: &mut Stage, runner: &Runner, post: &Post) -> Result<(), Stop> {
    let all = stage.system(|tx| orders::list(tx, OrderFilter::default(), &Paging::first(50)))?.items;
    for course in &COURSES {
        if let Some(order) = all.iter().find(|order| order.title.starts_with(course.title)) {
            run(stage, course, order)?;
            if course.delivered {
                deliver(stage, order, runner, post)?;
            }
        }
    }
    Ok(())
}

fn run(stage: &Stage, course: &Course, order: &Order) -> Result<(), Stop> {
    let coordinator = stage.who("coordinator")?;
    stage.days_ago(course.began);
    let due = course.due;
    let input = JobInput {
        title: order.title.as_str().into(),
        rules: "見本のとおりに入力します。分からないところは空けておき、備考に書いてください。".into(),
        unit_minutes: course.minutes.to_string().into(),
        unit_pay: course.pay.to_string().into(),
        work_due_on: stage.day(due).into(),
        inspect_days: "5".into(),
        pay_on: stage.day(due + 40).into(),
        count: course.units.to_string().into(),
        label_prefix: "第".into(),
        ..JobInput::default()
    };
    let job = stage.act(coordinator, |tx| jobs::split(tx, order.id, input))?.id;
    stage.act(coordinator, |tx| orders::start(tx, order.id))?;
    stage.act(coordinator, |tx| jobs::offer(tx, job))?;
    let mut handed_in = Vec::new();
    for (part, claimed, done) in course.hands {
        stage.days_ago(course.began.saturating_sub(1));
        let units = claim(stage, part, job, *claimed)?;
        stage.days_ago(course.began.saturating_sub(2));
        handed_in.extend(hand_in(stage, part, &units, *done)?);
    }
    stage.days_ago(course.began.saturating_sub(3).max(1));
    check(stage, &handed_in, course.checked, !course.delivered)
}

fn claim(stage: &Stage, part: &str, job: JobId, count: u32) -> Result<Vec<UnitId>, Stop> {
    let person = stage.who(part)?;
    let worker = stage
        .system(|tx| workers::of_person(tx, person))?
        .ok_or_else(|| Stop::failed(format!("{part} is no worker in the demo")))?;
    let shown = stage.act(person, |tx| terms::preview(tx, job, worker.id, i64::from(count), Language::Ja))?;
    let input = ClaimInput {
        count: count.to_string().into(),
        terms_sha256: shown.sha256.to_string().into(),
        language: "ja".into(),
    };
    stage.act(person, |tx| claims::claim(tx, job, input)).map(|claimed| claimed.units)
}

fn hand_in(stage: &Stage, part: &str, units: &[UnitId], done: usize) -> Result<Vec<SubmissionId>, Stop> {
    let person = stage.who(part)?;
    let mut made = Vec::new();
    for unit in units.iter().take(done) {
        stage.act(person, |tx| claims::start(tx, *unit))?;
        let input = SubmitInput {
            note: "入力しました。読めない字が1か所あります。".into(),
            file_id: "".into(),
        };
        made.push(stage.act(person, |tx| submissions::submit(tx, *unit, input))?.id);
    }
    if let Some(next) = units.get(done) {
        stage.act(person, |tx| claims::start(tx, *next))?;
    }
    Ok(made)
}

fn check(stage: &Stage, submissions: &[SubmissionId], count: usize, some_returned: bool) -> Result<(), Stop> {
    let checker = stage.who("checker")?;
    for (index, submission) in submissions.iter().take(count).enumerate() {
        let input = if some_returned && index % 5 == 4 {
            ReviewInput {
                verdict: "return".into(),
                reason: "missing".into(),
                fault: "worker".into(),
                comment: "2行目の備考が空いています。もう一度見てください。".into(),
            }
        } else {
            ReviewInput { verdict: "pass".into(), ..ReviewInput::default() }
        };
        stage.act(checker, |tx| reviews::decide(tx, *submission, input))?;
    }
    Ok(())
}

/// Delivers the whole order and lets the client accept it, link, code and all.
fn deliver(stage: &Stage, order: &Order, runner: &Runner, post: &Post) -> Result<(), Stop> {
    let coordinator = stage.who("coordinator")?;
    let contact = order.contact_id.ok_or_else(|| Stop::failed("the demo's client has no contact"))?;
    let input = DeliverInput {
        unit_ids: Vec::new(),
        message: "ご確認をお願いいたします。（デモ）".into(),
        contact_id: contact.to_string().into(),
    };
    let delivery = stage.act(coordinator, |tx| deliveries::assemble(tx, &stage.key, order.id, input))?;
    runner.run_all().map_err(Stop::failed)?;
    let sent = post.about(delivery.id).ok_or_else(|| Stop::failed("the demo's client got no mail"))?;
    stage.days_ago(1);
    accept(stage, &sent)
}

fn accept(stage: &Stage, sent: &DeliverySent) -> Result<(), Stop> {
    let secret = acceptance::link_secret(&stage.key, stage.organization, sent.link, sent.link_issued_at);
    let asked_at = stage.system(|tx| -> Result<_, acceptance::AcceptError> {
        acceptance::request_code(tx, &stage.key, &secret)?;
        Ok(tx.now())
    })?;
    let view = stage.system(|tx| acceptance::open_link(tx, &secret))?;
    let answer = |unit: &acceptance::ClientUnit| UnitAnswer {
        unit_id: unit.unit,
        answer: "accepted".into(),
        note: "".into(),
    };
    let input = AnswerInput {
        name: "担当 04".into(),
        code: acceptance::mailed_code(&stage.key, stage.organization, sent.link, asked_at).into(),
        units: view.units.iter().map(answer).collect(),
    };
    stage.system(|tx| acceptance::answer(tx, &secret, input))?;
    Ok(())
}
