//! Deals that were lost, sleep, or are on the board today; and leads that wait for somebody.

use super::super::calendar::When::DaysAgo;
use super::super::score::Act::{
    Advance, Answer, Ask, AskBack, Decline, Disqualify, Hear, Log, Lose, Open, Quote, Reopen, Send, Sleep,
    Win,
};
use super::super::score::{Scene, USUAL, line};
use super::clients::{
    ACCOUNTANT, BREWERY, CLINIC, FACTORY, FARM, FOREST, HARDWARE, INN, LIBRARY, LONG_NAME, NEWSPAPER,
    PRINTER, RESORT, SCHOOL, SURVEYOR, SWEETS, TAXI, TOURISM, TRADING, WELFARE,
};

/// One deal for each coded reason, one more, and three that came back.
pub(super) const CLOSED: &[Scene] = &[
    Scene {
        client: CLINIC,
        title: "カルテの電子化",
        when: DaysAgo(300),
        lines: &[line("カルテ 100件", 30, 20_000, 420, 0)],
        sale: &[
            (0, Open),
            (2, Log("call", "interested", "保存期限が近いものから始めたい。")),
            (5, Advance(1)),
            (9, Quote(100)),
            (20, Lose("price", "他の方法のほうが安いとのこと。")),
        ],
        ..USUAL
    },
    Scene {
        client: TAXI,
        title: "夜間の電話対応",
        when: DaysAgo(270),
        seller: "sales2",
        sale: &[
            (0, Open),
            (3, Log("call", "interested", "夜7時から10時、毎日。")),
            (8, Lose("capacity", "夜に働ける人が足りない。")),
        ],
        ..USUAL
    },
    Scene {
        client: SCHOOL,
        title: "入試資料の入力",
        when: DaysAgo(230),
        sale: &[
            (0, Open),
            (4, Log("meeting", "waiting", "来年度の予算で考えるとのこと。")),
            (12, Advance(1)),
            (25, Lose("timing", "来年度に持ち越し。")),
        ],
        ..USUAL
    },
    Scene {
        client: NEWSPAPER,
        title: "記事データベースの整理",
        when: DaysAgo(200),
        lines: &[line("記事 500本の分類", 20, 18_000, 360, 3)],
        sale: &[
            (0, Open),
            (3, Log("visit", "interested", "縮刷版を見せてもらった。")),
            (7, Advance(2)),
            (10, Quote(110)),
            (16, Quote(100)),
            (17, Send),
            (29, Decline("県外の会社のほうが早いため、今回は見送ります。")),
            (30, Lose("competitor", "県外の会社に決まった。")),
        ],
        ..USUAL
    },
    Scene {
        client: HARDWARE,
        title: "在庫表の作成",
        when: DaysAgo(170),
        seller: "sales2",
        sale: &[
            (0, Open),
            (5, Log("call", "no_answer", "3回かけて不在。")),
            (14, Log("mail", "waiting", "資料を送った。")),
            (40, Lose("no_decision", "返事がないまま。")),
        ],
        ..USUAL
    },
    Scene {
        client: SWEETS,
        title: "包装デザインの校正",
        when: DaysAgo(150),
        lines: &[line("校正 1点", 10, 9_000, 180, 3)],
        sale: &[
            (0, Open),
            (4, Advance(2)),
            (8, Quote(100)),
            (15, Lose("quality", "専門の校正者に頼むことにしたとのこと。")),
        ],
        ..USUAL
    },
    Scene {
        client: BREWERY,
        title: "蔵の歴史の聞き書き",
        when: DaysAgo(120),
        sale: &[
            (0, Open),
            (6, Log("visit", "interested", "蔵を見学した。")),
            (20, Lose("other", "事業そのものが中止になった。")),
        ],
        ..USUAL
    },
    Scene {
        client: SURVEYOR,
        title: "点群データの整理",
        when: DaysAgo(60),
        seller: "sales2",
        lines: &[line("点群 1区画", 12, 32_000, 600, 0)],
        sale: &[
            (0, Open),
            (4, Advance(1)),
            (10, Advance(2)),
            (14, Quote(100)),
            (24, Lose("price", "予算を超えた。")),
        ],
        ..USUAL
    },
    Scene {
        client: FOREST,
        title: "山林台帳の電子化",
        when: DaysAgo(240),
        sale: &[(0, Open), (5, Log("meeting", "interested", "国の補助金が決まってから。")), (30, Sleep)],
        ..USUAL
    },
    Scene {
        client: LIBRARY,
        title: "古文書の翻刻",
        when: DaysAgo(110),
        seller: "sales2",
        sale: &[(0, Open), (7, Log("call", "waiting", "専門の先生に相談中。")), (45, Sleep)],
        ..USUAL
    },
];

/// What stands on the board today, from the first talk to the last word.
pub(super) const ON_THE_BOARD: &[Scene] = &[
    Scene {
        client: TOURISM,
        title: "観光案内の英訳チェック",
        when: DaysAgo(9),
        next: ("電話で量をきく", 0),
        sale: &[(0, Open), (2, Log("mail", "interested", "英語のできる人を探している。"))],
        ..USUAL
    },
    Scene {
        client: FACTORY,
        title: "図面の目録づくり",
        when: DaysAgo(5),
        next: ("最初の打合せ", 3),
        sale: &[(0, Open), (1, Log("call", "interested", "図面は約2,000枚。"))],
        ..USUAL
    },
    Scene {
        client: PRINTER,
        title: "カタログの文字校正",
        when: DaysAgo(3),
        next: ("去年の件数をきく", 2),
        sale: &[(0, Open)],
        ..USUAL
    },
    Scene {
        client: BREWERY,
        title: "蔵元通信の編集",
        when: DaysAgo(26),
        seller: "sales2",
        next: ("見本を送る", 1),
        sale: &[
            (0, Open),
            (3, Log("visit", "interested", "年4回、各8ページ。")),
            (6, Advance(1)),
            (7, Hear("年4回、各8ページ", "", "")),
            (12, Log("mail", "waiting", "過去の号を送ってもらう。")),
        ],
        ..USUAL
    },
    Scene {
        client: SCHOOL,
        title: "同窓会名簿の更新",
        when: DaysAgo(32),
        next: ("サンプル10件の時間を測る", -2),
        sale: &[
            (0, Open),
            (4, Log("call", "interested", "卒業生は約3,000人。")),
            (7, Advance(1)),
            (8, Hear("約3,000人分", "総会の前の月末", "yes")),
            (12, Log("meeting", "interested", "個人情報の扱いを確かめた。")),
        ],
        ..USUAL
    },
    Scene {
        client: TAXI,
        title: "配車記録の入力",
        when: DaysAgo(40),
        seller: "sales2",
        next: ("提案書を送る", 0),
        sale: &[
            (0, Open),
            (5, Log("call", "interested", "紙の日報を月600枚。")),
            (9, Advance(1)),
            (10, Hear("月600枚", "翌月5日", "no")),
            (20, Advance(2)),
            (22, Log("note", "done", "1枚あたり2分で見積もる。")),
        ],
        ..USUAL
    },
    Scene {
        client: FARM,
        title: "出荷伝票の入力",
        when: DaysAgo(28),
        next: ("提案の感想をきく", -1),
        sale: &[
            (0, Open),
            (5, Log("visit", "interested", "直売所で話した。")),
            (9, Advance(2)),
            (18, Log("task", "done", "手順書の案を作った。")),
        ],
        ..USUAL
    },
    Scene {
        client: TRADING,
        title: "展示会名刺の入力",
        when: DaysAgo(30),
        lines: &[line("名刺 200枚", 6, 12_000, 240, 0)],
        due: 60,
        next: ("見積の返事をきく", 0),
        sale: &[
            (0, Open),
            (4, Log("meeting", "interested", "年3回の展示会ごと。")),
            (8, Advance(2)),
            (14, Advance(3)),
            (15, Quote(110)),
            (21, Quote(100)),
            (22, Send),
            (22, Log("mail", "waiting", "第2版の見積を送った。")),
            (29, AskBack("名刺の裏面も入力する場合、いくらになりますか。")),
        ],
        ..USUAL
    },
    Scene {
        client: RESORT,
        title: "Booking archive digitisation",
        when: DaysAgo(24),
        seller: "sales2",
        lines: &[line("Booking ledger, one season", 8, 26_000, 480, 0)],
        due: 50,
        next: ("見積の説明", 2),
        sale: &[
            (0, Open),
            (6, Log("meeting", "interested", "オンラインで。英語で話した。")),
            (10, Advance(3)),
            (12, Quote(100)),
            (13, Send),
            (13, Log("mail", "waiting", "英文の見積を送った。")),
        ],
        ..USUAL
    },
    Scene {
        client: LONG_NAME,
        title: "植生調査票の入力",
        when: DaysAgo(20),
        lines: &[line("調査票 100枚", 9, 17_000, 360, 0)],
        next: ("契約書の案を受け取る", 4),
        sale: &[
            (0, Open),
            (3, Log("call", "interested", "野鳥調査票に続いて。")),
            (6, Advance(2)),
            (8, Quote(100)),
            (12, Advance(4)),
            (15, Log("call", "waiting", "理事会で決める。")),
        ],
        ..USUAL
    },
    Scene {
        client: WELFARE,
        title: "介護記録の入力支援",
        when: DaysAgo(55),
        lines: &[line("記録 1か月分", 10, 15_000, 300, 0)],
        next: ("個人情報の覚書を送る", 0),
        sale: &[
            (0, Open),
            (10, Advance(1)),
            (20, Advance(2)),
            (30, Quote(100)),
            (35, Advance(4)),
            (44, Log("visit", "interested", "覚書の文面を詰めた。")),
        ],
        ..USUAL
    },
    // Lost in spring, asked for again last week.
    Scene {
        client: ACCOUNTANT,
        title: "給与明細の入力",
        when: DaysAgo(160),
        seller: "sales2",
        next: ("件数を確かめる", 1),
        sale: &[
            (0, Open),
            (10, Advance(1)),
            (30, Lose("timing", "担当者の交代で見送り。")),
            (153, Reopen),
            (155, Log("call", "interested", "新しい担当者から連絡があった。")),
        ],
        ..USUAL
    },
    // Won too early: the client counts once more, and the order was taken back before anybody began it.
    Scene {
        client: ACCOUNTANT,
        title: "領収書の一覧づくり",
        when: DaysAgo(18),
        lines: &[line("領収書 100枚", 6, 9_000, 200, 0)],
        next: ("数え直した件数をきく", 2),
        sale: &[
            (0, Open),
            (2, Advance(1)),
            (4, Advance(2)),
            (5, Quote(100)),
            (8, Advance(4)),
            (10, Win),
            (11, Reopen),
        ],
        ..USUAL
    },
    // Slept over the summer.
    Scene {
        client: INN,
        title: "宿泊者アンケートの集計",
        when: DaysAgo(130),
        next: ("秋の分の枚数をきく", 6),
        sale: &[(0, Open), (12, Advance(1)), (30, Sleep), (118, Reopen)],
        ..USUAL
    },
];

/// Leads: three that nobody has answered, three under way, and one given up for each reason.
pub(super) const LEADS: &[Scene] = &[
    Scene {
        client: FOREST,
        when: DaysAgo(1),
        sale: &[(0, Ask("web", "森林調査の写真1,200枚に名前を付けたい"))],
        ..USUAL
    },
    Scene {
        client: CLINIC,
        when: DaysAgo(2),
        seller: "sales2",
        sale: &[(0, Ask("mail", "問診票の入力。月300枚ほど"))],
        ..USUAL
    },
    Scene {
        client: HARDWARE,
        when: DaysAgo(4),
        sale: &[(0, Ask("phone", "棚卸表の清書。急ぎではない"))],
        ..USUAL
    },
    Scene {
        client: NEWSPAPER,
        when: DaysAgo(8),
        sale: &[(0, Ask("visit", "投稿欄の文字起こし。ワーケーションで来訪")), (2, Answer)],
        ..USUAL
    },
    Scene {
        client: BREWERY,
        when: DaysAgo(12),
        seller: "sales2",
        sale: &[(0, Ask("register", "法人番号の公表情報から。酒造会社を順に訪ねている")), (3, Answer)],
        ..USUAL
    },
    Scene {
        client: SCHOOL,
        when: DaysAgo(16),
        sale: &[(0, Ask("other", "保護者から。学園祭の写真の整理")), (1, Answer)],
        ..USUAL
    },
    Scene {
        client: TAXI,
        when: DaysAgo(330),
        sale: &[(0, Ask("phone", "チラシの配布")), (2, Answer), (4, Disqualify("out_of_scope"))],
        ..USUAL
    },
    Scene {
        client: HARDWARE,
        when: DaysAgo(280),
        sale: &[(0, Ask("web", "売り込みの返信")), (3, Disqualify("no_need"))],
        ..USUAL
    },
    Scene {
        client: FOREST,
        when: DaysAgo(210),
        seller: "sales2",
        sale: &[(0, Ask("event", "森の日のブースで")), (6, Answer), (20, Disqualify("no_budget"))],
        ..USUAL
    },
    Scene {
        client: NEWSPAPER,
        when: DaysAgo(165),
        sale: &[(0, Ask("register", "法人番号の公表情報から")), (9, Disqualify("unreachable"))],
        ..USUAL
    },
    Scene {
        client: SWEETS,
        when: DaysAgo(100),
        seller: "sales2",
        sale: &[(0, Ask("mail", "前と同じ問い合わせが二度届いた")), (1, Disqualify("duplicate"))],
        ..USUAL
    },
    Scene {
        client: CLINIC,
        when: DaysAgo(70),
        sale: &[(0, Ask("introduction", "知り合いの紹介")), (5, Answer), (12, Disqualify("other"))],
        ..USUAL
    },
];
