//! Orders in the making: split, offered, claimed, handed in, given back, called off, checked by somebody else.

use chrono::{Days, NaiveDate};
use db::DbError;
use files::Received;
use fulfillment::claims::{self, ClaimError, ClaimInput, TakeBackInput};
use fulfillment::jobs::{self, JobInput, OfferRule};
use fulfillment::orders::{self, CloseShortInput, OrderState};
use fulfillment::reviews::{self, ReviewError, ReviewInput};
use fulfillment::rounds::figures;
use fulfillment::submissions::{self, SubmitError, SubmitInput};
use fulfillment::terms;
use fulfillment::units::{self, CancelInput};
use kernel::{JobId, OrderId, PersonId, UnitId, date_in_japan};
use workforce::workers;

use super::super::score::{ALL, Act, Cue, Line};
use super::super::stage::Hand;
use super::papers::{materials, paper};
use super::{Handed, Held, Job, Troupe, missing, share};
use crate::Stop;

/// What a worker is paid of what the client pays, in percent; the rest is direction, checking, training and the centre.
const PAY_PERCENT: i64 = 45;

/// How many units one worker claims of one job at a time.
const AT_A_TIME: usize = 2;
/// How far back it counts who has had how much.
const LATELY_DAYS: u64 = 28;

/// How many days before the client's day work is due.
const SLACK_DAYS: i64 = 3;

/// The first hands belong to people who can sign in; they work where a scene names them.
const WITH_ACCOUNT: usize = 6;

/// What makers write when they hand in.
const NOTES: [&str; 4] = [
    "入力しました。読めない字が1か所あります。",
    "手順書のとおりに終えました。",
    "見直しをして、2か所を直しました。",
    "終わりました。判断に迷った所に印を付けています。",
];

/// Why checkers send work back: reason, fault, comment.
const RETURNS: [(&str, &str, &str); 5] = [
    ("missing", "worker", "2行目の備考が空いています。もう一度見てください。"),
    ("typo", "worker", "日付に打ち間違いが2か所あります。"),
    ("wrong_format", "worker", "金額は半角の数字でお願いします。"),
    ("specification_changed", "", "お客様の様式が変わりました。新しい見本に合わせてください。"),
    ("rule_broken", "worker", "手順書の3番のとおりに並べてください。"),
];

impl Troupe<'_> {
    pub(super) fn order(&self, cue: &Cue) -> Result<OrderId, Stop> {
        self.pieces.get(cue.playing).and_then(|piece| piece.order).ok_or_else(|| missing("order"))
    }

    /// One job for each line of the quote, or as many as the line says.
    pub(super) fn split(&mut self, cue: &Cue) -> Result<(), Stop> {
        let (order, coordinator) = (self.order(cue)?, self.stage.who("coordinator")?);
        let playing = self.playing(cue)?;
        let due = playing.after(playing.scene.due - SLACK_DAYS).max(cue.day);
        let shared = self.pieces.get(cue.playing).map_or(0, |piece| piece.shared);
        let mut made = Vec::new();
        for line in playing.scene.lines {
            let own = line.count.saturating_sub(shared);
            for part in 0..line.jobs {
                let count = own / line.jobs + usize::from(part < own % line.jobs);
                let rule = if playing.scene.in_turn { OfferRule::Fair } else { OfferRule::FirstCome };
                let input = JobInput {
                    offer_rule: rule.as_str().into(),
                    review_levels: playing.scene.looks.to_string().into(),
                    ..self.job(line, (part, count), due)?
                };
                let id = self.stage.act(coordinator, |tx| jobs::split(tx, order, input))?.id;
                made.push(Job { id, line: *line, open: count });
            }
        }
        self.piece(cue)?.jobs = made;
        Ok(())
    }

    fn job(&self, line: &Line, (part, count): (usize, usize), due: NaiveDate) -> Result<JobInput, Stop> {
        let title = match line.jobs {
            1 => line.what.to_owned(),
            _ => format!("{} その{}", line.what, part + 1),
        };
        let skill = self.stage.skills.get(line.skill).ok_or_else(|| missing("skill"))?;
        Ok(JobInput {
            title: title.into(),
            rules: "見本のとおりに進めます。分からないところは空けておき、メモに書いてください。".into(),
            unit_minutes: line.minutes.to_string().into(),
            unit_pay: (line.price * PAY_PERCENT / 1000 * 10).to_string().into(),
            skill_id: skill.0.to_string().into(),
            work_due_on: due.to_string().into(),
            inspect_days: "5".into(),
            pay_day: "25".into(),
            csv: materials(line, count).into(),
            ..JobInput::default()
        })
    }

    pub(super) fn offer(&mut self, cue: &Cue) -> Result<(), Stop> {
        let (order, coordinator) = (self.order(cue)?, self.stage.who("coordinator")?);
        let made: Vec<JobId> = self.piece(cue)?.jobs.iter().map(|job| job.id).collect();
        self.stage.act(coordinator, |tx| orders::start(tx, order))?;
        for job in made {
            self.stage.act(coordinator, |tx| jobs::offer(tx, job))?;
        }
        Ok(())
    }

    pub(super) fn claim(&mut self, cue: &Cue, percent: usize) -> Result<(), Stop> {
        let asked = self.asked(cue)?;
        for index in 0..self.piece(cue)?.jobs.len() {
            let Some(job) = self.piece(cue)?.jobs.get(index) else { continue };
            let (id, line, mut wanted) = (job.id, job.line, share(job.open, percent));
            for hand in &asked {
                if wanted == 0 {
                    break;
                }
                let Some(worker) = self.stage.hands.get(*hand) else { continue };
                if !worker.skills.contains(&line.skill) {
                    continue;
                }
                let units = self.claim_some(worker, id, line, wanted.min(AT_A_TIME))?;
                wanted -= units.len();
                let held =
                    units.iter().map(|unit| Held { unit: *unit, hand: *hand, job: index, begun: false });
                let piece = self.piece(cue)?;
                piece.held.extend(held);
                if let Some(job) = piece.jobs.get_mut(index) {
                    job.open -= units.len();
                }
            }
        }
        Ok(())
    }

    /// In which order workers are asked: whom the scene names, then the others as rounds do, whoever has had the smallest part
    /// of their wish lately first.
    fn asked(&self, cue: &Cue) -> Result<Vec<usize>, Stop> {
        let playing = self.playing(cue)?;
        let coordinator = self.stage.who("coordinator")?;
        let (had, wishes) = self.stage.act(coordinator, |tx| -> Result<_, DbError> {
            let today = date_in_japan(tx.now());
            let first = today.checked_sub_days(Days::new(LATELY_DAYS)).unwrap_or(today);
            Ok((figures::granted_between(tx, first, today)?, workers::active_spans(tx)?))
        })?;
        let part = |hand: &usize| {
            let worker = self.stage.hands.get(*hand).map(|hand| hand.worker)?;
            let wish = wishes.get(&worker).map_or(1, |one| i64::from(one.weekly_minutes).max(1));
            Some(had.get(&worker).copied().unwrap_or_default() * 1000 / wish)
        };
        let mut others: Vec<usize> = (WITH_ACCOUNT..self.stage.hands.len()).collect();
        let count = others.len().max(1);
        others.rotate_left(cue.playing * 7 % count);
        others.sort_by_key(part);
        Ok(playing.scene.hands.iter().copied().chain(others).collect())
    }

    /// As many as the worker has hours for, under the terms as they were shown.
    pub(super) fn claim_some(
        &self,
        hand: &Hand,
        job: JobId,
        line: Line,
        most: usize,
    ) -> Result<Vec<UnitId>, Stop> {
        self.stage.act(hand.person, |tx| -> Result<Vec<UnitId>, ClaimError> {
            let worker = workers::find(tx, hand.worker)?;
            let fit = claims::free_minutes(tx, &worker)? / line.minutes;
            let count = i64::try_from(most).unwrap_or(1).min(fit);
            if count == 0 {
                return Ok(Vec::new());
            }
            let language = accounts::persons::find(tx, hand.person)?.preferences.language;
            let shown = terms::preview(tx, job, hand.worker, count, language)?;
            let input = ClaimInput {
                count: count.to_string().into(),
                terms_sha256: shown.sha256.to_string().into(),
                language: language.as_str().into(),
            };
            match claims::claim(tx, job, input) {
                Ok(claimed) => Ok(claimed.units),
                // The time to answer was over, as it is on some days of the week: the share went by.
                Err(ClaimError::BeyondPortion { .. }) => Ok(Vec::new()),
                Err(error) => Err(error),
            }
        })
    }

    /// The first so many percent of what is held and not begun.
    pub(super) fn begin(&mut self, cue: &Cue, percent: usize) -> Result<(), Stop> {
        let count = share(self.piece(cue)?.held.len(), percent);
        let mut held = std::mem::take(&mut self.piece(cue)?.held);
        for one in held.iter_mut().take(count).filter(|one| !one.begun) {
            let person = self.person(*one)?;
            self.stage.act(person, |tx| claims::start(tx, one.unit))?;
            one.begun = true;
        }
        self.piece(cue)?.held = held;
        Ok(())
    }

    pub(super) fn pause(&mut self, cue: &Cue) -> Result<(), Stop> {
        // A unit that is not begun cannot rest; one that came back is begun again first.
        let last = self.piece(cue)?.held.last().copied().ok_or_else(|| missing("unit in hand"))?;
        let person = self.person(last)?;
        self.stage.act(person, |tx| -> Result<(), ClaimError> {
            claims::pause(tx, last.unit)?;
            Ok(())
        })
    }

    pub(super) fn person(&self, held: Held) -> Result<PersonId, Stop> {
        self.stage.hands.get(held.hand).map(|hand| hand.person).ok_or_else(|| missing("worker"))
    }

    /// Each worker in one go, and some minutes apart from the next.
    pub(super) fn hand_in(&mut self, cue: &Cue, percent: usize) -> Result<(), Stop> {
        let piece = self.piece(cue)?;
        let mut now: Vec<Held> = piece.held.drain(..share(piece.held.len(), percent)).collect();
        now.sort_by_key(|held| held.hand);
        let note = NOTES.get(cue.playing % NOTES.len()).copied().unwrap_or_default();
        let mut handed = Vec::new();
        for units in now.chunk_by(|one, other| one.hand == other.hand) {
            let Some(first) = units.first() else { continue };
            let person = self.person(*first)?;
            self.stage.wait(1);
            let papers = self.papers(cue, units, person)?;
            let made = self.stage.act(person, |tx| -> Result<Vec<Handed>, SubmitError> {
                let submit = |(held, paper): (&Held, &Received)| {
                    if !held.begun {
                        claims::start(tx, held.unit)?;
                    }
                    let file = files::keep(tx, paper)?.id;
                    let before = submissions::latest_of(tx, held.unit, person)?;
                    let input = SubmitInput {
                        file_ids: vec![file],
                        dropped_file_ids: before.map_or_else(Vec::new, |version| version.file_ids),
                        memo: note.into(),
                        ..SubmitInput::default()
                    };
                    let submission = submissions::submit(tx, held.unit, input)?.id;
                    Ok(Handed { submission, held: Held { begun: true, ..*held } })
                };
                units.iter().zip(&papers).map(submit).collect()
            })?;
            handed.extend(made);
        }
        self.piece(cue)?.waiting.extend(handed);
        Ok(())
    }

    /// What came out of each of these units; what came back is mended.
    fn papers(&mut self, cue: &Cue, units: &[Held], person: PersonId) -> Result<Vec<Received>, Stop> {
        let stage = self.stage;
        let numbers: Vec<i32> = stage.act(person, |tx| -> Result<_, SubmitError> {
            // Whoever made the versions before: nobody hands in what came back unchanged.
            let number = |held: &Held| -> Result<i32, SubmitError> {
                let versions = submissions::of_unit(tx, held.unit)?.len();
                Ok(i32::try_from(versions).unwrap_or(i32::MAX).saturating_add(1))
            };
            units.iter().map(number).collect()
        })?;
        let piece = self.piece(cue)?;
        let line = |held: &Held| piece.jobs.get(held.job).map(|job| job.line).ok_or_else(|| missing("job"));
        let versions = units.iter().zip(numbers);
        versions.map(|(held, number)| paper(stage, &line(held)?, held.unit, number)).collect()
    }

    /// Units go back to the others: their holder gives them back, or coordination takes them.
    pub(super) fn give_back(&mut self, cue: &Cue, count: usize) -> Result<(), Stop> {
        for _ in 0..count {
            let Some(held) = self.piece(cue)?.held.pop() else { continue };
            if matches!(cue.act, Act::TakeBack(_)) {
                let coordinator = self.stage.who("coordinator")?;
                self.stage
                    .act(coordinator, |tx| claims::take_back(tx, held.unit, TakeBackInput::default()))?;
            } else {
                let person = self.person(held)?;
                self.stage.act(person, |tx| claims::hand_back(tx, held.unit))?;
            }
            if let Some(job) = self.piece(cue)?.jobs.get_mut(held.job) {
                job.open += 1;
            }
        }
        Ok(())
    }

    pub(super) fn cancel_units(&mut self, cue: &Cue, count: usize) -> Result<(), Stop> {
        let coordinator = self.stage.who("coordinator")?;
        for _ in 0..count {
            let Some(held) = self.piece(cue)?.held.pop() else { continue };
            self.stage.act(coordinator, |tx| units::cancel(tx, held.unit, called_off()))?;
        }
        Ok(())
    }

    pub(super) fn close_short(&mut self, cue: &Cue) -> Result<(), Stop> {
        let (order, coordinator) = (self.order(cue)?, self.stage.who("coordinator")?);
        if self.stage.act(coordinator, |tx| orders::find(tx, order))?.state == OrderState::Running {
            let input =
                CloseShortInput { reason: "取り消した分は、先方で不要になった".into() };
            self.stage.act(coordinator, |tx| orders::close_short(tx, order, input))?;
        }
        Ok(())
    }

    pub(super) fn cancel_order(&mut self, cue: &Cue) -> Result<(), Stop> {
        let (order, coordinator) = (self.order(cue)?, self.stage.who("coordinator")?);
        self.stage.act(coordinator, |tx| orders::cancel(tx, order, called_off()))?;
        Ok(())
    }

    /// The first `returned` of them go back to their makers; the two coordinators take turns.
    pub(super) fn check(&mut self, cue: &Cue, count: usize, returned: usize) -> Result<(), Stop> {
        let [checker, _other] = self.checkers(cue)?;
        let piece = self.piece(cue)?;
        let now: Vec<Handed> = piece.waiting.drain(..count.min(piece.waiting.len())).collect();
        let against = (RETURNS.iter().cycle().skip(cue.playing)).map(|why| returning(*why)).take(returned);
        let verdicts: Vec<ReviewInput> =
            against.chain(std::iter::repeat_with(passing)).take(now.len()).collect();
        self.stage.act(checker, |tx| -> Result<(), ReviewError> {
            for (handed, verdict) in now.iter().zip(verdicts) {
                reviews::decide(tx, handed.submission, verdict)?;
            }
            Ok(())
        })?;
        // A returned unit is begun anew by its next hand-in.
        let back = now.iter().take(returned).map(|handed| Held { begun: false, ..handed.held });
        let piece = self.piece(cue)?;
        piece.held.extend(back);
        piece.passed.extend(now.iter().skip(returned));
        Ok(())
    }

    /// Who checks a scene's work, and who does so beside them.
    pub(super) fn checkers(&self, cue: &Cue) -> Result<[PersonId; 2], Stop> {
        let [one, other] = [self.stage.who("checker")?, self.stage.who("coordinator")?];
        Ok(if cue.playing.is_multiple_of(2) { [one, other] } else { [other, one] })
    }

    pub(super) fn begin_check(&mut self, cue: &Cue) -> Result<(), Stop> {
        let checker = self.stage.who("checker")?;
        let first = self.piece(cue)?.waiting.first().copied().ok_or_else(|| missing("unit to check"))?;
        self.stage.act(checker, |tx| reviews::begin(tx, first.submission))?;
        Ok(())
    }

    /// Round after round until nothing is left to do: hours are free again once work is handed in.
    pub(super) fn finish(&mut self, cue: &Cue) -> Result<(), Stop> {
        const ROUNDS: usize = 10;
        for _ in 0..ROUNDS {
            let piece = self.piece(cue)?;
            if piece.held.is_empty() && piece.waiting.is_empty() && piece.jobs.iter().all(|job| job.open == 0)
            {
                return Ok(());
            }
            self.claim(cue, 100)?;
            self.stage.wait(3);
            self.hand_in(cue, 100)?;
            self.stage.wait(3);
            self.check(cue, ALL, 0)?;
        }
        Err(missing("worker with hours enough"))
    }
}

fn called_off() -> CancelInput {
    CancelInput {
        fault: "client".into(),
        compensation_percent: "50".into(),
        note: "お客様のご都合で取りやめになりました。始めた分はお支払いします。".into(),
    }
}

pub(super) fn passing() -> ReviewInput {
    ReviewInput { verdict: "pass".into(), ..ReviewInput::default() }
}

/// A specification that changed is paid anew.
pub(super) fn returning((reason, fault, comment): (&str, &str, &str)) -> ReviewInput {
    let extra_pay = if reason == "specification_changed" { "120" } else { "" };
    ReviewInput {
        verdict: "return".into(),
        reason: reason.into(),
        fault: fault.into(),
        comment: comment.into(),
        extra_pay: extra_pay.into(),
        ..ReviewInput::default()
    }
}
