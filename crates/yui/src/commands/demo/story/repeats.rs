//! Work that comes every month or every quarter: what keeps such a town going. Amounts are invented.

use super::super::calendar::When::{Monthly, Quarterly};
use super::super::score::{Scene, USUAL, line};
use super::clients::{BUS, FACTORY, SHOP, SOFTWARE, TOWN_HALL, TRADING, WELFARE};
use super::courses::{AGAIN, BY_MAIL, IN_TWO_PARTS, STEADY, STEADY_LATER, WITH_A_FIX, WITH_A_HAND_BACK};

pub(super) const SCENES: &[Scene] = &[
    Scene {
        client: BUS,
        title: "バス乗降実績票の入力",
        when: Monthly(1),
        lines: &[line("乗降実績票の入力 1路線1週間分", 8, 12_000, 240, 0)],
        hands: &[0, 1],
        sale: AGAIN,
        work: &[STEADY, WITH_A_FIX, STEADY, WITH_A_HAND_BACK],
        ..USUAL
    },
    Scene {
        client: SHOP,
        title: "商品写真の切り抜きと説明文",
        when: Monthly(5),
        seller: "sales2",
        lines: &[
            line("商品写真の切り抜き 40点", 6, 14_000, 300, 2),
            line("商品説明文 10点", 4, 16_000, 300, 3),
        ],
        hands: &[2],
        sale: AGAIN,
        work: &[WITH_A_HAND_BACK, STEADY, WITH_A_FIX],
        ..USUAL
    },
    Scene {
        client: FACTORY,
        title: "請求書と納品書の入力",
        when: Monthly(11),
        lines: &[line("請求書の入力 120枚", 6, 18_000, 360, 0)],
        hands: &[4],
        sale: AGAIN,
        work: &[STEADY, STEADY, WITH_A_FIX],
        ..USUAL
    },
    Scene {
        client: SOFTWARE,
        title: "AI学習データの作成",
        when: Monthly(17),
        seller: "sales2",
        lines: &[line("画像への注釈 300枚", 12, 22_000, 420, 0)],
        hands: &[1],
        sale: BY_MAIL,
        work: &[IN_TWO_PARTS, STEADY_LATER, IN_TWO_PARTS],
        due: 35,
        ..USUAL
    },
    Scene {
        client: WELFARE,
        title: "社協だよりの文字起こしと組版",
        when: Quarterly(1, 8),
        lines: &[
            line("座談会の文字起こし 60分", 4, 24_000, 480, 1),
            line("記事の整理と組版 2ページ", 4, 28_000, 480, 3),
        ],
        sale: BY_MAIL,
        work: &[IN_TWO_PARTS, STEADY_LATER],
        due: 35,
        ..USUAL
    },
    Scene {
        client: TOWN_HALL,
        title: "会議録の文字起こし",
        when: Quarterly(3, 14),
        lines: &[line("会議の録音 90分", 10, 30_000, 540, 1)],
        sale: BY_MAIL,
        work: &[IN_TWO_PARTS, STEADY_LATER],
        due: 40,
        ..USUAL
    },
    Scene {
        client: TRADING,
        title: "会員名簿の更新",
        when: Quarterly(2, 20),
        seller: "sales2",
        lines: &[line("会員 200件の更新と照合", 9, 16_000, 300, 0)],
        sale: AGAIN,
        work: &[WITH_A_HAND_BACK, WITH_A_FIX],
        ..USUAL
    },
];
