//! What the town and its neighbour do for each other: a part of an order that the neighbour took and has half done, and one of
//! the neighbour's that waits for an answer. Amounts are invented.

use super::super::calendar::When::DaysAgo;
use super::super::score::Act::{
    Befriend, Check, Claim, Deliver, HandIn, Log, Open, Quote, Receive, Share, Split, TakeOver, Win,
};
use super::super::score::{ALL, Scene, USUAL, line};
use super::clients::{LIBRARY, THEIRS, US};
use super::courses::AGAIN;

pub(super) const SCENES: &[Scene] = &[
    // More than the town's own workers can do by the day.
    Scene {
        client: LIBRARY,
        title: "蔵書カードの入力",
        when: DaysAgo(20),
        lines: &[line("カード 100枚", 16, 4_000, 60, 0)],
        due: 34,
        sale: &[
            (0, Open),
            (0, Log("call", "done", "年内に終えたいとのこと。隣町にも声をかける。")),
            (0, Befriend),
            (1, Quote(100)),
            (2, Win),
        ],
        work: &[&[(3, Share(8)), (4, Split), (5, Claim(50)), (12, HandIn(ALL)), (13, Check(ALL, 0))]],
        ..USUAL
    },
    // Its part, which is half delivered.
    Scene {
        client: US,
        when: DaysAgo(16),
        lines: &[line("カード 100枚", 8, 3_400, 60, 0)],
        due: 26,
        next_door: true,
        hands: &[0, 1, 2, 3],
        sale: &[(0, TakeOver)],
        work: &[&[
            (1, Split),
            (2, Claim(60)),
            (6, HandIn(ALL)),
            (7, Check(ALL, 0)),
            (8, Deliver),
            (10, Receive(0)),
        ]],
        ..USUAL
    },
    // Offered to the town yesterday.
    Scene {
        client: THEIRS,
        title: "市場の伝票入力",
        when: DaysAgo(5),
        lines: &[line("伝票 50枚", 10, 3_600, 60, 0)],
        due: 35,
        next_door: true,
        sale: AGAIN,
        work: &[&[(4, Share(4))]],
        ..USUAL
    },
];
