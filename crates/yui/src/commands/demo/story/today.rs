//! Orders that stand this morning where somebody has to do something: late, waiting for review, for the client, for
//! a worker. They are counted back from today, so that every day has them.

use super::super::calendar::When::DaysAgo;
use super::super::score::Act::{
    Begin, BeginCheck, Check, Claim, Decide, Deliver, Draft, Finish, HandIn, HandOver, Pause, Receive, Rule,
    SayNo, Show, Split, SplitOnly, TakeShares, Tend, Wonder,
};
use super::super::score::{ALL, Scene, USUAL, line};
use super::clients::{FACTORY, INN, PRINTER, RESORT, SHOP, SURVEYOR, SWEETS, TOURISM, TOWN_HALL, TRADING};
use super::courses::{AGAIN, BY_PAGE};

pub(super) const SCENES: &[Scene] = &[
    // Sent yesterday, in English; the client has not looked yet.
    Scene {
        client: RESORT,
        title: "Menu translation check",
        when: DaysAgo(16),
        seller: "sales2",
        lines: &[line("Menu of 40 dishes", 4, 18_000, 300, 3)],
        due: 18,
        sale: AGAIN,
        work: &[&[
            (3, Split),
            (4, Claim(ALL)),
            (9, HandIn(ALL)),
            (10, Check(ALL, 1)),
            (13, Finish),
            (15, Deliver),
        ]],
        ..USUAL
    },
    // The client has had it for six days.
    Scene {
        client: TRADING,
        title: "商品台帳の清書",
        when: DaysAgo(22),
        lines: &[line("台帳 50ページ", 5, 16_000, 300, 0)],
        due: 20,
        sale: AGAIN,
        work: &[&[
            (3, Split),
            (4, Claim(ALL)),
            (11, HandIn(ALL)),
            (12, Check(ALL, 0)),
            (13, Finish),
            (16, Deliver),
        ]],
        ..USUAL
    },
    // Answered yesterday: most accepted, two to be mended.
    Scene {
        client: TOURISM,
        title: "モデルコースの記事",
        when: DaysAgo(20),
        seller: "sales2",
        lines: &[line("コース記事 1本", 6, 30_000, 420, 3)],
        due: 24,
        hands: &[0, 2],
        sale: AGAIN,
        work: &[&[
            (3, Split),
            (4, Claim(ALL)),
            (12, HandIn(ALL)),
            (13, Check(ALL, 0)),
            (14, Finish),
            (16, Deliver),
            (19, Receive(2)),
        ]],
        ..USUAL
    },
    // Accepted yesterday, which closes the order.
    Scene {
        client: SWEETS,
        title: "冬の商品説明文",
        when: DaysAgo(21),
        lines: &[line("説明文 12点", 4, 17_000, 300, 3)],
        due: 21,
        sale: AGAIN,
        work: &[&[
            (3, Split),
            (4, Claim(ALL)),
            (12, HandIn(ALL)),
            (13, Finish),
            (18, Deliver),
            (20, Receive(0)),
        ]],
        ..USUAL
    },
    // The same in English, with one thing to mend.
    Scene {
        client: RESORT,
        title: "Season brochure proofreading",
        when: DaysAgo(19),
        lines: &[line("Brochure section", 5, 20_000, 300, 3)],
        due: 22,
        hands: &[2],
        sale: AGAIN,
        work: &[&[
            (3, Split),
            (4, Claim(ALL)),
            (12, HandIn(ALL)),
            (13, Check(ALL, 0)),
            (14, Finish),
            (16, Deliver),
            (17, Receive(1)),
            (18, Decide),
        ]],
        ..USUAL
    },
    // Handed in last evening: units wait for review, one is being looked at, one came back.
    Scene {
        client: SHOP,
        title: "冬物の写真の切り抜き",
        when: DaysAgo(11),
        seller: "sales2",
        lines: &[line("写真 30点", 9, 12_000, 240, 2)],
        due: 14,
        hands: &[2, 0, 1, 4],
        sale: AGAIN,
        work: &[&[
            (3, Split),
            (4, Claim(ALL)),
            (9, HandIn(40)),
            (9, Check(2, 1)),
            (10, HandIn(60)),
            (10, Check(1, 1)),
            (10, BeginCheck),
        ]],
        ..USUAL
    },
    // Work was due the day before yesterday and one unit is not handed in.
    Scene {
        client: FACTORY,
        title: "検査成績書の入力",
        when: DaysAgo(15),
        lines: &[line("成績書 100枚", 5, 15_000, 300, 0)],
        due: 16,
        sale: AGAIN,
        work: &[&[
            (3, Split),
            (4, Claim(ALL)),
            (5, Begin(ALL)),
            (11, HandIn(80)),
            (12, Check(ALL, 0)),
            (15, Tend),
        ]],
        ..USUAL
    },
    // The client wanted it yesterday.
    Scene {
        client: PRINTER,
        title: "町史の索引づくり",
        when: DaysAgo(24),
        lines: &[line("索引 60ページ", 6, 19_000, 360, 0)],
        due: 23,
        sale: AGAIN,
        work: &[&[
            (3, Split),
            (4, Claim(80)),
            (11, Begin(ALL)),
            (12, HandIn(60)),
            (13, Check(ALL, 1)),
            (18, Begin(ALL)),
            (19, HandOver),
            (19, Draft),
            (20, Pause),
        ]],
        ..USUAL
    },
    // Due today: the last unit waits for review, the others to be sent.
    Scene {
        client: INN,
        title: "宿泊約款の清書",
        when: DaysAgo(14),
        seller: "sales2",
        lines: &[line("約款と案内 1式", 3, 14_000, 240, 0)],
        due: 14,
        sale: AGAIN,
        work: &[&[(3, Split), (4, Claim(ALL)), (10, HandIn(50)), (11, Check(ALL, 0)), (13, HandIn(ALL))]],
        ..USUAL
    },
    // Offered yesterday in two jobs: short units that fit into anybody's week.
    Scene {
        client: SURVEYOR,
        title: "測量野帳の入力",
        when: DaysAgo(4),
        seller: "sales2",
        lines: &[line("野帳 5ページ", 20, 2_800, 60, 0), line("図面番号の照合 20枚", 10, 3_000, 60, 0)],
        due: 24,
        hands: &[2, 1, 4],
        sale: AGAIN,
        work: &[&[
            (3, Split),
            (3, Show("観測点の名前と、標高の書き方を見てください。")),
            (3, Claim(20)),
            (3, Wonder("点名の「仮」は、入力しますか？")),
            (3, Rule("点名の「仮」も、書いてあるとおりに入力する。")),
            (3, Wonder("野帳の鉛筆書きの直しは、直した後の数字でいいですか？")),
        ]],
        ..USUAL
    },
    // Offered in turn yesterday: some took their share, one said no, the others still have time to answer.
    Scene {
        client: PRINTER,
        title: "年賀状の宛名データ入力",
        when: DaysAgo(4),
        lines: &[line("宛名 20件", 24, 2_600, 60, 0)],
        due: 20,
        in_turn: true,
        sale: AGAIN,
        work: &[&[(3, Split), (3, TakeShares(2)), (3, SayNo(1))]],
        ..USUAL
    },
    // Asked in turn until nobody was left to ask; now anybody may, and coordination knows that nobody does.
    Scene {
        client: FACTORY,
        title: "手書き図面の読み取り",
        when: DaysAgo(30),
        seller: "sales2",
        lines: &[line("図面 5枚", 6, 5_200, 120, 0)],
        due: 45,
        in_turn: true,
        sale: AGAIN,
        work: &[&[(3, Split), (3, TakeShares(1)), (7, Tend), (11, Tend), (15, Tend), (19, Tend), (24, Tend)]],
        ..USUAL
    },
    // Split, and not yet offered.
    Scene {
        client: TOWN_HALL,
        title: "広報誌バックナンバーの文字起こし",
        when: DaysAgo(5),
        lines: &[line("1号分", 12, 24_000, 420, 1)],
        due: 40,
        sale: AGAIN,
        work: &[&[(4, SplitOnly)]],
        ..USUAL
    },
    // Ordered yesterday on the page of the quote: the order waits to be split.
    Scene {
        client: SHOP,
        title: "福袋の商品一覧",
        when: DaysAgo(3),
        seller: "sales2",
        lines: &[line("商品 100点", 8, 13_000, 240, 0)],
        due: 30,
        sale: BY_PAGE,
        ..USUAL
    },
];
