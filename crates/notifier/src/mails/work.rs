//! Mails to resident workers: short sentences, everyday words, one thing to do.

use kernel::Language;
use serde::Serialize;

use super::{Audience, Link, Mail, either};
use crate::messages::Category;

/// Work that fits a worker is open. How many units are left is not said: it would be wrong by the morning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkOffered {
    /// What it is.
    pub title: String,
    /// Pay for one unit with its unit: `120円`.
    pub unit_pay: String,
    /// Minutes one unit is expected to take.
    pub unit_minutes: u32,
    /// When they must be handed in, in words.
    pub deadline: String,
    /// The page of the offer.
    pub link: Link,
}

impl Mail for WorkOffered {
    const NAME: &'static str = "work_offered";
    const CATEGORY: Category = Category::Digest;
    const AUDIENCE: Audience = Audience::Worker;
    const MUST_SAY: &'static [&'static str] = &["unit_pay", "deadline", "link"];

    fn sample(language: Language) -> Self {
        Self {
            title: either(language, "商品写真の切り抜き", "Cutting out product photos"),
            unit_pay: either(language, "120円", "¥120"),
            unit_minutes: 8,
            deadline: either(language, "2026年12月4日(金)", "Fri 4 Dec 2026"),
            link: Link::sample("/offers/12"),
        }
    }
}

/// Work lies before one worker alone, for a time: people are asked in turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkPortion {
    /// What it is.
    pub title: String,
    /// How many units are theirs to take.
    pub units: u32,
    /// By when to answer, in words.
    pub answer_by: String,
    /// Pay for one unit with its unit: `120円`.
    pub unit_pay: String,
    /// Minutes one unit is expected to take.
    pub unit_minutes: u32,
    /// When they must be handed in, in words.
    pub deadline: String,
    /// The page of the offer.
    pub link: Link,
}

impl Mail for WorkPortion {
    const NAME: &'static str = "work_portion";
    const CATEGORY: Category = Category::Digest;
    const AUDIENCE: Audience = Audience::Worker;
    const MUST_SAY: &'static [&'static str] = &["answer_by", "unit_pay", "deadline", "link"];

    fn sample(language: Language) -> Self {
        Self {
            title: either(language, "商品写真の切り抜き", "Cutting out product photos"),
            units: 7,
            answer_by: either(language, "2026年11月28日(土) 9:00", "Sat 28 Nov 2026, 9:00"),
            unit_pay: either(language, "120円", "¥120"),
            unit_minutes: 8,
            deadline: either(language, "2026年12月4日(金)", "Fri 4 Dec 2026"),
            link: Link::sample("/offers/12"),
        }
    }
}

/// One offer in a daily mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfferLine {
    /// What it is.
    pub title: String,
    /// Pay for one unit with its unit: `120円`.
    pub unit_pay: String,
    /// Minutes one unit is expected to take.
    pub unit_minutes: u32,
    /// How many units are left, or are theirs to take.
    pub units: u32,
    /// When they must be handed in, in words.
    pub deadline: String,
}

/// The open work of a day, for whoever wants it gathered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkDigest {
    /// How many offers there are.
    pub count: u32,
    /// The offers.
    pub offers: Vec<OfferLine>,
    /// The page of all offers.
    pub link: Link,
    /// The page on which one chooses how mails come.
    pub settings_link: Link,
}

impl Mail for WorkDigest {
    const NAME: &'static str = "work_digest";
    const CATEGORY: Category = Category::Digest;
    const AUDIENCE: Audience = Audience::Worker;
    const MUST_SAY: &'static [&'static str] = &["link"];

    fn sample(language: Language) -> Self {
        let line = |title_ja, title_en, pay_ja, pay_en, unit_minutes, units| OfferLine {
            title: either(language, title_ja, title_en),
            unit_pay: either(language, pay_ja, pay_en),
            unit_minutes,
            units,
            deadline: either(language, "2026年12月4日(金)", "Fri 4 Dec 2026"),
        };
        Self {
            count: 2,
            offers: vec![
                line("商品写真の切り抜き", "Cutting out product photos", "120円", "¥120", 8, 40),
                line("会議の文字起こし", "Transcribing a meeting", "1,800円", "¥1,800", 90, 3),
            ],
            link: Link::sample("/offers"),
            settings_link: Link::sample("/me/mail"),
        }
    }
}

/// The deadline of work that somebody holds moved to a later day; they are asked to accept it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeadlineMoved {
    /// What the work is.
    pub title: String,
    /// The day they agreed to, in words.
    pub before: String,
    /// The later day, in words.
    pub after: String,
    /// Why, in the town's words; may be empty.
    pub note: String,
    /// The worker's own units.
    pub link: Link,
}

impl Mail for DeadlineMoved {
    const NAME: &'static str = "deadline_moved";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Worker;
    const MUST_SAY: &'static [&'static str] = &["after", "link"];

    fn sample(language: Language) -> Self {
        Self {
            title: either(language, "商品写真の切り抜き", "Cutting out product photos"),
            before: either(language, "2026年12月4日(金)", "Fri 4 Dec 2026"),
            after: either(language, "2026年12月11日(金)", "Fri 11 Dec 2026"),
            note: either(language, "お客様の写真が遅れたためです。", "The client's photos were late."),
            link: Link::sample("/my-units"),
        }
    }
}

const SAMPLE_TERMS_JA: &str = "委託者: みほん町\n業務の内容: 商品写真の切り抜き 40点\n\
    報酬: 1点 120円（消費税込み） 合計 4,800円\n納期: 2026年12月4日 17:00\n納品の方法: 結（Yui）の画面から提出\n\
    検品を終える日: 2026年12月11日\n支払期日: 2027年1月29日\n支払の方法: ワーカーの登録した銀行口座への振込";

const SAMPLE_TERMS_EN: &str = "Client: Sample Town\nWork: cutting out 40 product photos\n\
    Pay: ¥120 each, tax included, ¥4,800 in all\nDue: 17:00 on 4 December 2026\nHanded in: on the pages of Yui\n\
    Inspected by: 11 December 2026\nPaid by: 29 January 2027\nPaid how: transfer to the worker's registered account";

/// The written terms of a piece of work, as the law wants them told (取引条件の明示).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TermsNotice {
    /// What the work is.
    pub title: String,
    /// When they were issued, in words.
    pub issued_at: String,
    /// The frozen text in full.
    pub terms: String,
    /// Hexadecimal SHA-256 of the frozen text.
    pub sha256: String,
    /// The page that shows them.
    pub link: Link,
}

impl Mail for TermsNotice {
    const NAME: &'static str = "terms_notice";
    const CATEGORY: Category = Category::Legal;
    const AUDIENCE: Audience = Audience::Worker;
    const MUST_SAY: &'static [&'static str] = &["terms", "issued_at", "link"];

    fn sample(language: Language) -> Self {
        Self {
            title: either(language, "商品写真の切り抜き", "Cutting out product photos"),
            issued_at: either(language, "2026年11月24日(火)10:32", "10:32 on Tue 24 Nov 2026"),
            terms: either(language, SAMPLE_TERMS_JA, SAMPLE_TERMS_EN),
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
            link: Link::sample("/work/terms/31"),
        }
    }
}

/// Notice that a worker's work ends, or the reason they asked for (解除・不更新の予告).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkEnding {
    /// The day of the notice, in words.
    pub noticed_on: String,
    /// The last day, in words.
    pub ends_on: String,
    /// Why it is sooner than thirty days after the notice; empty where it is not.
    pub exception: String,
    /// The reason; empty where it is told only when they ask.
    pub reason: String,
    /// Whether they had asked for it.
    pub was_asked: bool,
    /// The page of the notice, where they may ask.
    pub link: Link,
}

impl Mail for WorkEnding {
    const NAME: &'static str = "work_ending";
    const CATEGORY: Category = Category::Legal;
    const AUDIENCE: Audience = Audience::Worker;
    const MUST_SAY: &'static [&'static str] = &["ends_on", "noticed_on", "reason", "link"];

    fn sample(language: Language) -> Self {
        Self {
            noticed_on: either(language, "2027年2月26日(金)", "Fri 26 Feb 2027"),
            ends_on: either(language, "2027年3月31日(水)", "Wed 31 Mar 2027"),
            exception: String::new(),
            reason: either(
                language,
                "発注者との契約が終わるため",
                "The client's contract with the town ends",
            ),
            was_asked: false,
            link: Link::sample("/my-endings/3"),
        }
    }
}

/// A unit came back from review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnitReturned {
    /// What the work is.
    pub title: String,
    /// Which unit, as the worker knows it: `3番`.
    pub unit: String,
    /// Why, in words of the list of reasons.
    pub reason: String,
    /// What the reviewer wrote; may be empty.
    pub comment: String,
    /// By when to hand it in again, in words.
    pub deadline: String,
    /// What doing it anew pays beside, with its unit; empty where what is wanted has not changed.
    pub extra_pay: String,
    /// It came back a few times: somebody sits down with them.
    pub is_coaching: bool,
    /// The last day on which they may ask for another reviewer's word, in words; empty where it is paid anew.
    pub appeal_until: String,
    /// The page of the unit.
    pub link: Link,
}

impl Mail for UnitReturned {
    const NAME: &'static str = "unit_returned";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Worker;
    const MUST_SAY: &'static [&'static str] = &["reason", "link"];

    fn sample(language: Language) -> Self {
        Self {
            title: either(language, "商品写真の切り抜き", "Cutting out product photos"),
            unit: either(language, "3番", "no. 3"),
            reason: either(language, "決められた形と違うところがある", "Parts differ from the agreed format"),
            comment: either(
                language,
                "右下の影が残っています。\n見本の2枚目を見てください。",
                "There is still a shadow at the lower right.\nPlease look at the second example.",
            ),
            deadline: either(language, "2026年12月4日(金)", "Fri 4 Dec 2026"),
            extra_pay: String::new(),
            is_coaching: false,
            appeal_until: either(language, "2026年12月4日(金)", "Fri 4 Dec 2026"),
            link: Link::sample("/work/units/302"),
        }
    }
}
