//! The score: scenes as tables of acts, laid out over the year before today in the order they are played.
//!
//! Invariant: nothing is played on today or later. An act that would be is simply not yet done, which leaves orders,
//! units and deals in every state that a living town has.

use chrono::{NaiveDate, TimeDelta};

use super::calendar::{When, before, office_day};

/// One thing somebody does. Texts are what they type.
#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    /// Somebody asks: the lead's source and what they need.
    Ask(&'static str, &'static str),
    /// Sales talks to them for the first time.
    Answer,
    /// The lead becomes the scene's deal.
    Convert,
    /// The lead is given up for a reason.
    Disqualify(&'static str),
    /// The deal is entered without a lead.
    Open,
    /// An activity: kind, outcome, note.
    Log(&'static str, &'static str, &'static str),
    /// What the client says of the work: how much, by when, and whether personal data is in it; empty is not asked yet.
    Hear(&'static str, &'static str, &'static str),
    /// To the open stage of this number, from 0.
    Advance(usize),
    /// A quote at so many percent of the scene's prices.
    Quote(i64),
    /// The standing quote is mailed to the client's contact.
    Send,
    /// The client looks at the quote's page and asks something.
    AskBack(&'static str),
    /// The client looks at it and does not want it: why.
    Decline(&'static str),
    /// The client orders on the quote's page.
    OrderByPage,
    /// The client orders.
    Win,
    /// The client does not: reason and note.
    Lose(&'static str, &'static str),
    /// Nothing will happen for now.
    Sleep,
    /// Taken up again.
    Reopen,
    /// Coordination splits the order into jobs, starts it and offers them.
    Split,
    /// Coordination splits the order and waits.
    SplitOnly,
    /// So many of those who were asked in turn take their share.
    TakeShares(usize),
    /// So many of those who were asked in turn say no.
    SayNo(usize),
    /// Time has gone by: the next are asked for those who did not answer, and holders of whom nothing is heard.
    Tend,
    /// Workers claim so many percent of what is open.
    Claim(usize),
    /// Workers begin with so many percent of what they hold.
    Begin(usize),
    /// One of them lays a unit aside.
    Pause,
    /// Workers hand in so many percent of what they hold.
    HandIn(usize),
    /// Coordination shows how good work looks: a sample for each of the order's jobs, and what to look at in it.
    Show(&'static str),
    /// A worker asks how the work is done.
    Wonder(&'static str),
    /// Coordination answers what was asked last, and makes a rule of the answer.
    Rule(&'static str),
    /// A worker keeps a draft of what they have written for the unit in hand.
    Draft,
    /// A worker gives a unit back with what is done of it.
    HandOver,
    /// A worker gives so many units back.
    HandBack(usize),
    /// Coordination takes so many units back.
    TakeBack(usize),
    /// The client wants so many units no more.
    CancelUnits(usize),
    /// What is accepted is all there will be; nothing to do where nothing was called off.
    CloseShort,
    /// The client wants nothing any more.
    CancelOrder,
    /// So many handed-in units are checked, the first so many of them go back: how many, how many returned.
    Check(usize, usize),
    /// Somebody looks at the oldest handed-in unit.
    BeginCheck,
    /// Everything still open is claimed, handed in and passed.
    Finish,
    /// What has passed goes to the client.
    Deliver,
    /// The client answers and wants so many units mended.
    Receive(usize),
    /// Coordination decides about what the client wants mended; its makers have it again.
    Decide,
    /// A pipeline of that name with the usual stages, and the scene's deal in it.
    OpenIn(&'static str),
    /// A list of prospects of that name comes in as a file: its text.
    Import(&'static str, &'static str),
    /// The client was entered once more, under the shorter name; the two become one.
    Merge(&'static str),
    /// The town next door is asked to work together, and agrees.
    Befriend,
    /// So many pieces of the order's only line are offered to the other town.
    Share(usize),
    /// What the other town offered last is taken, and becomes an order.
    TakeOver,
    /// Of the order's jobs only some is looked at, once its maker has shown good work.
    Sample,
    /// The first so many handed-in units pass the first of two looks.
    LookFirst(usize),
    /// The oldest handed-in unit goes back, because a rule was broken.
    SendBack,
    /// Its maker asks for another reviewer's word: why they think otherwise.
    Appeal(&'static str),
    /// Another reviewer decides that it stays as it was: why.
    Uphold(&'static str),
}

impl Act {
    /// How whoever acts before would note it down as the next action.
    fn announced(self) -> &'static str {
        match self {
            Self::Log("call", ..) => "電話する",
            Self::Log("mail", ..) => "資料を送る",
            Self::Log("visit", ..) => "訪問する",
            Self::Log("meeting", ..) => "打合せ",
            Self::Advance(_) => "提案の準備",
            Self::Quote(_) => "見積を出す",
            Self::Send => "見積を送る",
            Self::AskBack(_) | Self::Decline(_) | Self::OrderByPage | Self::Win | Self::Lose(..) => {
                "返事をきく"
            }
            Self::Sleep | Self::Reopen => "様子をうかがう",
            _ => "次の連絡",
        }
    }
}

/// Enough for every one.
pub(super) const ALL: usize = usize::MAX;

/// An act so many days after the scene began. Steps of one table are in order.
pub(super) type Step = (i64, Act);

/// One line of a quote, and the jobs it is split into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// What is done.
    pub(super) what: &'static str,
    /// How many units.
    pub(super) count: usize,
    /// Yen for one, before tax. Invented.
    pub(super) price: i64,
    /// Minutes for one.
    pub(super) minutes: i64,
    /// The skill it takes, by its number.
    pub(super) skill: usize,
    /// How many jobs the line becomes.
    pub(super) jobs: usize,
}

/// A line that becomes one job.
pub(super) const fn line(what: &'static str, count: usize, price: i64, minutes: i64, skill: usize) -> Line {
    Line { what, count, price, minutes, skill, jobs: 1 }
}

/// A deal with everything that became of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene {
    /// Whose, by number.
    pub(super) client: usize,
    /// What it is about.
    pub(super) title: &'static str,
    /// When it begins.
    pub(super) when: When,
    /// Who sells.
    pub(super) seller: &'static str,
    /// What is ordered.
    pub(super) lines: &'static [Line],
    /// How many days after the beginning the client wants it.
    pub(super) due: i64,
    /// What comes next when the last act was played: in words, and how many days from today.
    pub(super) next: (&'static str, i64),
    /// Whether its jobs are offered in turn, and not to everybody at once.
    pub(super) in_turn: bool,
    /// Whether it is the town next door that plays it.
    pub(super) next_door: bool,
    /// How many people look at each of its versions, one after the other.
    pub(super) looks: u8,
    /// Workers by number who are asked before the others.
    pub(super) hands: &'static [usize],
    /// Up to the order, or to where it ended.
    pub(super) sale: &'static [Step],
    /// From the order to its acceptance; each repetition of the scene takes the next of these.
    pub(super) work: &'static [&'static [Step]],
}

/// What most scenes have in common.
pub(super) const USUAL: Scene = Scene {
    client: 0,
    title: "",
    when: When::DaysAgo(0),
    seller: "sales",
    lines: &[],
    due: 28,
    next: ("次の連絡", 7),
    in_turn: false,
    next_door: false,
    looks: 1,
    hands: &[],
    sale: &[],
    work: &[&[]],
};

/// One playing of a scene.
#[derive(Debug)]
pub(super) struct Playing {
    pub(super) scene: &'static Scene,
    /// The day it began.
    pub(super) began: NaiveDate,
    /// Which repetition this is, from 0.
    pub(super) number: usize,
}

/// One act of one playing, on its day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cue {
    pub(super) day: NaiveDate,
    /// Minutes after midnight in Japan.
    pub(super) minute: i64,
    /// Index of the playing.
    pub(super) playing: usize,
    pub(super) act: Act,
    /// What comes after it, in words, and when.
    pub(super) next: (&'static str, NaiveDate),
}

/// Every scene over the year before `today`, and their acts in the order of time.
pub(super) fn lay_out(
    scenes: impl Iterator<Item = &'static Scene>,
    today: NaiveDate,
) -> (Vec<Playing>, Vec<Cue>) {
    let playings: Vec<Playing> = scenes
        .flat_map(|scene| {
            let days = scene.when.days(today).into_iter().enumerate();
            days.map(move |(number, began)| Playing { scene, began, number })
        })
        .collect();
    let mut cues: Vec<Cue> =
        playings.iter().enumerate().flat_map(|(index, playing)| cues_of(index, playing, today)).collect();
    cues.sort_by_key(|cue| cue.day);
    give_hours(&mut cues);
    (playings, cues)
}

fn cues_of(index: usize, playing: &Playing, today: NaiveDate) -> Vec<Cue> {
    let scene = playing.scene;
    let work = scene.work.iter().cycle().nth(playing.number).copied().unwrap_or_default();
    let steps: Vec<Step> = scene.sale.iter().chain(work).copied().collect();
    let day_of = |(after, _): &Step| office_day(playing.began + TimeDelta::days(*after), today);
    let last = |day: NaiveDate| (scene.next.0, (today + TimeDelta::days(scene.next.1)).max(day));
    let cue = |(at, step): (usize, &Step)| {
        let day = day_of(step);
        let next = steps.get(at + 1).map_or_else(|| last(day), |next| (next.1.announced(), day_of(next)));
        Cue { day, minute: 0, playing: index, act: step.1, next }
    };
    steps.iter().enumerate().map(cue).filter(|cue| cue.day <= before(today, 1)).collect()
}

/// Spreads a day's acts from nine in the morning to at most seven in the evening, in their order.
fn give_hours(cues: &mut [Cue]) {
    const OPENS: i64 = 9 * 60;
    const MINUTES: i64 = 10 * 60;
    for day in cues.chunk_by_mut(|one, other| one.day == other.day) {
        let apart = (MINUTES / i64::try_from(day.len()).unwrap_or(MINUTES)).min(25);
        for (cue, place) in day.iter_mut().zip(0..) {
            cue.minute = OPENS + apart * place;
        }
    }
}
