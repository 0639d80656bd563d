//! Work that is looked at in other ways than by one person: by two, by lot, and once more where its maker asks for it.

use super::super::calendar::When::DaysAgo;
use super::super::score::Act::{
    Appeal, Check, Claim, Deliver, HandIn, LookFirst, Sample, SendBack, Split, Uphold,
};
use super::super::score::{ALL, Scene, USUAL, line};
use super::clients::{ACCOUNTANT, CLINIC, TAXI};
use super::courses::AGAIN;

pub(super) const SCENES: &[Scene] = &[
    // Two people look at it: one unit has passed both, two wait for the second look, one for the first.
    Scene {
        client: CLINIC,
        title: "健診の記録の入力",
        when: DaysAgo(10),
        lines: &[line("記録 40件", 4, 12_000, 240, 0)],
        due: 24,
        looks: 2,
        sale: AGAIN,
        work: &[&[(3, Split), (4, Claim(ALL)), (7, HandIn(ALL)), (8, LookFirst(3)), (9, Check(1, 0))]],
        ..USUAL
    },
    // One worker has shown so much good work that from now on only some of it is looked at.
    Scene {
        client: TAXI,
        title: "乗務日報の入力",
        when: DaysAgo(13),
        seller: "sales2",
        lines: &[line("日報 30枚", 4, 6_000, 120, 0)],
        due: 20,
        hands: &[3],
        sale: AGAIN,
        work: &[&[
            (3, Split),
            (3, Sample),
            (4, Claim(50)),
            (6, HandIn(ALL)),
            (7, Check(ALL, 0)),
            (8, Claim(ALL)),
            (10, HandIn(ALL)),
            (11, Check(ALL, 0)),
            (12, Deliver),
        ]],
        ..USUAL
    },
    // Two units went back; of one another reviewer has said that it stays so, the other waits for their word.
    Scene {
        client: ACCOUNTANT,
        title: "領収書の内容の入力",
        when: DaysAgo(13),
        lines: &[line("領収書 60枚", 3, 8_000, 180, 0)],
        due: 27,
        sale: AGAIN,
        work: &[&[
            (3, Split),
            (4, Claim(ALL)),
            (8, HandIn(ALL)),
            (8, SendBack),
            (9, Appeal("手順書の2番は、空欄が続く場合のことだと思います。1つだけの空欄は、どう書きますか。")),
            (10, Uphold("1つだけの空欄も残します。手順書に例を足しました。")),
            (11, SendBack),
            (12, Appeal("空欄は残してあります。3枚目と4枚目を見てください。")),
        ]],
        ..USUAL
    },
];
