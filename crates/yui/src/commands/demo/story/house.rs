//! What keeps a town's lists in order: a list that came as a file, a client entered twice, a pipeline of its own.

use super::super::calendar::When::DaysAgo;
use super::super::score::Act::{Import, Log, Merge, OpenIn};
use super::super::score::{Scene, USUAL};
use super::clients::{HARDWARE, TOWN_HALL};

/// As a chamber of commerce might hand it on; one of them has no number that could be dialled.
const PROSPECTS: &str = "会社名,フリガナ,郵便番号,住所,電話番号,備考
取込見本 01（デモ）,トリコミミホン 01,384-2305,長野県（デモのため番地なし）,0000-00-0001,名簿の1番
取込見本 02（デモ）,トリコミミホン 02,384-2305,長野県（デモのため番地なし）,0000-00-0002,名簿の2番
取込見本 03（デモ）,トリコミミホン 03,384-2305,長野県（デモのため番地なし）,不明,名簿の3番
取込見本 04（デモ）,トリコミミホン 04,384-2305,長野県（デモのため番地なし）,0000-00-0004,名簿の4番
取込見本 05（デモ）,トリコミミホン 05,384-2305,長野県（デモのため番地なし）,0000-00-0005,名簿の5番
";

pub(super) const SCENES: &[Scene] = &[
    Scene {
        client: HARDWARE,
        title: "名簿の整理",
        when: DaysAgo(45),
        seller: "sales2",
        sale: &[(0, Merge("ためし金物")), (1, Import("説明会の名簿.csv", PROSPECTS))],
        ..USUAL
    },
    Scene {
        client: TOWN_HALL,
        title: "地域おこしの相談",
        when: DaysAgo(30),
        seller: "sales2",
        next: ("担当課と打ち合わせる", 4),
        sale: &[
            (0, OpenIn("町の事業")),
            (6, Log("meeting", "interested", "来年度の予算に入れたい。対象の作業を書き出すことになった。")),
        ],
        ..USUAL
    },
];
