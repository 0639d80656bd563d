//! Courses: how a sale and the work after it usually go. Days count from the beginning of the scene.

use super::super::score::{ALL, Act, Step};

use Act::{
    Advance, Answer, Ask, Begin, CancelUnits, Check, Claim, CloseShort, Convert, Decide, Deliver, Finish,
    HandBack, HandIn, Log, Open, OrderByPage, Quote, Receive, Send, Split, TakeBack, Win,
};

/// A client who ordered before: one call, a quote, the order.
pub(super) const AGAIN: &[Step] =
    &[(0, Open), (0, Log("call", "done", "先月と同じ内容で続けたいとのこと。")), (1, Quote(100)), (2, Win)];

/// The same, ordered by the client on the quote's own page.
pub(super) const BY_PAGE: &[Step] = &[
    (0, Open),
    (0, Log("call", "done", "初売りに間に合わせたいとのこと。")),
    (1, Quote(100)),
    (1, Send),
    (2, OrderByPage),
];

/// The town hall and others who order by mail.
pub(super) const BY_MAIL: &[Step] = &[
    (0, Open),
    (0, Log("mail", "done", "数量と納期の案をもらった。")),
    (1, Advance(2)),
    (2, Quote(100)),
    (3, Log("mail", "waiting", "見積を送り、決裁待ち。")),
    (5, Win),
];

/// A new client: an inquiry, a talk, a visit, two versions of a quote.
pub(super) const FIRST_TIME: &[Step] = &[
    (0, Ask("introduction", "少量の入力作業を頼めるところを探している")),
    (1, Answer),
    (2, Convert),
    (3, Log("call", "interested", "量と納期のめやすをきいた。個人情報はなし。")),
    (5, Advance(1)),
    (7, Log("visit", "interested", "見本を10件預かり、1件あたりの時間を測る。")),
    (9, Advance(2)),
    (10, Quote(115)),
    (12, Log("meeting", "waiting", "単価の相談。検品の手順を説明した。")),
    (13, Advance(3)),
    (14, Quote(100)),
    (16, Advance(4)),
    (18, Win),
];

/// The same, found at an event.
pub(super) const FROM_EVENT: &[Step] = &[
    (0, Ask("event", "展示会で資料を見て。試しに少し頼んでみたい")),
    (2, Answer),
    (4, Convert),
    (5, Log("call", "no_answer", "不在。折り返しを頼んだ。")),
    (6, Log("call", "interested", "試験発注の話になった。")),
    (8, Advance(2)),
    (10, Quote(100)),
    (15, Win),
];

/// Claimed at once, handed in in two parts, one unit sent back and mended, delivered and accepted.
pub(super) const STEADY: &[Step] = &[
    (3, Split),
    (4, Claim(70)),
    (8, HandIn(60)),
    (9, Check(ALL, 1)),
    (10, Claim(ALL)),
    (15, HandIn(ALL)),
    (16, Check(ALL, 0)),
    (17, Finish),
    (18, Deliver),
    (21, Receive(0)),
];

/// The same for an order that took some days longer to come.
pub(super) const STEADY_LATER: &[Step] = &[
    (6, Split),
    (7, Claim(80)),
    (12, HandIn(60)),
    (13, Check(ALL, 1)),
    (14, Claim(ALL)),
    (20, HandIn(ALL)),
    (21, Check(ALL, 0)),
    (22, Finish),
    (23, Deliver),
    (27, Receive(0)),
];

/// The client finds something, one unit is mended and delivered again.
pub(super) const WITH_A_FIX: &[Step] = &[
    (3, Split),
    (4, Claim(ALL)),
    (10, HandIn(80)),
    (11, Check(ALL, 0)),
    (14, HandIn(ALL)),
    (15, Check(ALL, 0)),
    (15, Finish),
    (16, Deliver),
    (19, Receive(1)),
    (20, Decide),
    (20, HandIn(ALL)),
    (21, Check(ALL, 0)),
    (22, Deliver),
    (24, Receive(0)),
];

/// A worker gives units back and others take them over; review sends two back.
pub(super) const WITH_A_HAND_BACK: &[Step] = &[
    (3, Split),
    (4, Claim(ALL)),
    (5, Begin(50)),
    (6, HandBack(2)),
    (7, Claim(ALL)),
    (12, HandIn(70)),
    (13, Check(ALL, 2)),
    (16, HandIn(ALL)),
    (17, Check(ALL, 0)),
    (17, Finish),
    (18, Deliver),
    (22, Receive(0)),
];

/// In two deliveries, with two things to mend.
pub(super) const IN_TWO_PARTS: &[Step] = &[
    (6, Split),
    (7, Claim(60)),
    (11, HandIn(ALL)),
    (12, Check(ALL, 1)),
    (13, Deliver),
    (14, Claim(ALL)),
    (16, Receive(2)),
    (17, Decide),
    (18, HandIn(ALL)),
    (19, Check(ALL, 0)),
    (20, Finish),
    (21, Deliver),
    (25, Receive(0)),
];

/// A large order over two months; one unit is called off, another taken back from its holder.
pub(super) const LONG: &[Step] = &[
    (7, Split),
    (8, Claim(50)),
    (16, HandIn(80)),
    (17, Check(ALL, 2)),
    (18, TakeBack(1)),
    (19, Claim(60)),
    (26, HandIn(ALL)),
    (27, Check(ALL, 1)),
    (28, CancelUnits(1)),
    (29, Claim(ALL)),
    (36, HandIn(ALL)),
    (37, Check(ALL, 0)),
    (38, Finish),
    (39, Deliver),
    (44, Receive(1)),
    (45, Decide),
    (45, Finish),
    (46, Deliver),
    (49, Receive(0)),
    (50, CloseShort),
];

/// A first, small order of a new client.
pub(super) const TRIAL: &[Step] = &[
    (19, Split),
    (20, Claim(ALL)),
    (24, HandIn(ALL)),
    (25, Check(ALL, 1)),
    (26, Finish),
    (27, Deliver),
    (30, Receive(0)),
];
