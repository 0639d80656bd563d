//! Work of a season, and first orders of new clients. Amounts are invented.

use super::super::calendar::When::{DaysAgo, Yearly};
use super::super::score::Act::{Begin, CancelOrder, Check, Claim, HandIn, Split};
use super::super::score::{ALL, Line, Scene, USUAL, line};
use super::clients::{
    ACCOUNTANT, FARM, INN, LIBRARY, LONG_NAME, PRINTER, RESORT, SURVEYOR, SWEETS, TOURISM, TOWN_HALL,
};
use super::courses::{AGAIN, BY_MAIL, FIRST_TIME, FROM_EVENT, LONG, STEADY, TRIAL, WITH_A_FIX};

pub(super) const SCENES: &[Scene] = &[
    Scene {
        client: PRINTER,
        title: "年賀状の宛名入力",
        when: Yearly(11, 10),
        lines: &[Line { jobs: 2, ..line("宛名 150件の入力", 16, 15_000, 300, 0) }],
        sale: AGAIN,
        work: &[STEADY],
        ..USUAL
    },
    Scene {
        client: ACCOUNTANT,
        title: "決算資料の整理と入力",
        when: Yearly(4, 6),
        lines: &[line("証憑の整理 1社分", 8, 26_000, 480, 0), line("残高の照合 1社分", 6, 32_000, 540, 0)],
        sale: BY_MAIL,
        work: &[LONG],
        due: 60,
        ..USUAL
    },
    Scene {
        client: LIBRARY,
        title: "郷土資料の目録づくり",
        when: Yearly(7, 3),
        lines: &[line("資料 100点の目録", 15, 22_000, 420, 0)],
        sale: BY_MAIL,
        work: &[LONG],
        due: 60,
        ..USUAL
    },
    Scene {
        client: TOURISM,
        title: "秋の観光記事",
        when: Yearly(8, 18),
        seller: "sales2",
        lines: &[line("取材と記事 1本", 8, 35_000, 540, 3)],
        sale: AGAIN,
        work: &[WITH_A_FIX],
        ..USUAL
    },
    Scene {
        client: TOWN_HALL,
        title: "防災台帳の入力",
        when: Yearly(1, 16),
        lines: &[line("世帯台帳 100件", 12, 20_000, 420, 0)],
        sale: BY_MAIL,
        work: &[LONG],
        due: 60,
        ..USUAL
    },
    Scene {
        client: RESORT,
        title: "Guest review translation check",
        when: Yearly(6, 12),
        seller: "sales2",
        lines: &[line("Review batch of 50", 6, 24_000, 420, 3)],
        sale: FIRST_TIME,
        work: &[TRIAL],
        due: 45,
        ..USUAL
    },
    Scene {
        client: FARM,
        title: "直売所アンケートの入力",
        when: DaysAgo(320),
        lines: &[line("アンケート 80枚", 4, 14_000, 300, 0)],
        sale: FIRST_TIME,
        work: &[TRIAL],
        due: 45,
        ..USUAL
    },
    Scene {
        client: SURVEYOR,
        title: "古い図面の目録（試行）",
        when: DaysAgo(255),
        seller: "sales2",
        lines: &[line("図面 60枚の目録", 5, 21_000, 420, 0)],
        sale: FROM_EVENT,
        work: &[TRIAL],
        due: 45,
        ..USUAL
    },
    Scene {
        client: SWEETS,
        title: "通販サイトの商品説明（試行）",
        when: DaysAgo(190),
        lines: &[line("説明文 15点", 5, 18_000, 360, 3)],
        sale: FIRST_TIME,
        work: &[TRIAL],
        due: 45,
        ..USUAL
    },
    Scene {
        client: INN,
        title: "予約台帳の入力（試行）",
        when: DaysAgo(140),
        seller: "sales2",
        lines: &[line("予約台帳 1か月分", 6, 13_000, 240, 0)],
        sale: FROM_EVENT,
        work: &[TRIAL],
        due: 45,
        ..USUAL
    },
    Scene {
        client: LONG_NAME,
        title: "野鳥調査票の入力",
        when: DaysAgo(95),
        lines: &[line("調査票 100枚", 7, 17_000, 360, 0)],
        sale: FIRST_TIME,
        work: &[TRIAL],
        due: 45,
        ..USUAL
    },
    // The client called this one off half way; who had begun is paid for it.
    Scene {
        client: INN,
        title: "館内案内の多言語化",
        when: DaysAgo(75),
        seller: "sales2",
        lines: &[line("案内文 20点", 6, 24_000, 420, 3)],
        sale: AGAIN,
        work: &[&[
            (3, Split),
            (4, Claim(ALL)),
            (6, Begin(60)),
            (9, HandIn(30)),
            (10, Check(ALL, 0)),
            (12, CancelOrder),
        ]],
        ..USUAL
    },
];
