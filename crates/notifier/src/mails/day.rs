//! Mails to salespeople about their own day: what is due this morning, what a colleague asks of them or tells them.
//!
//! They name titles and companies and nothing else of a client: mail is read on trains.

use kernel::Language;
use serde::Serialize;

use super::{Audience, Link, Mail, either};
use crate::messages::Category;

/// One thing that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DueLine {
    /// What is to be done.
    pub action: String,
    /// The company and the deal it is about, in words; may be empty.
    pub about: String,
    /// Today, or how late, in words.
    pub due: String,
}

/// What somebody has to do today: once, in their morning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayDue {
    /// How many things there are, overdue included.
    pub count: u32,
    /// How many of them are overdue.
    pub late: u32,
    /// The first of them.
    pub things: Vec<DueLine>,
    /// How many more there are than the mail names.
    pub more: u32,
    /// The page of their day.
    pub link: Link,
    /// The page on which one chooses how mails come.
    pub settings_link: Link,
}

impl Mail for DayDue {
    const NAME: &'static str = "day_due";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Team;
    const MUST_SAY: &'static [&'static str] = &["link"];

    fn sample(language: Language) -> Self {
        let line = |action_ja, action_en, about_ja, about_en, due_ja, due_en| DueLine {
            action: either(language, action_ja, action_en),
            about: either(language, about_ja, about_en),
            due: either(language, due_ja, due_en),
        };
        Self {
            count: 12,
            late: 1,
            things: vec![
                line(
                    "見積の返事を聞く",
                    "Ask about the quote",
                    "株式会社みほん商店・名刺の入力",
                    "Mihon Trading Co., Ltd., Business cards",
                    "2日遅れ",
                    "2 days late",
                ),
                line("地図を送る", "Send the map", "", "", "今日", "today"),
            ],
            more: 10,
            link: Link::sample("/my-day"),
            settings_link: Link::sample("/me/mail"),
        }
    }
}

/// A colleague asks somebody to do something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TodoAssigned {
    /// What.
    pub title: String,
    /// The company and the deal it is about, in words; may be empty.
    pub about: String,
    /// By when, in words.
    pub due: String,
    /// Who asks.
    pub asked_by: String,
    /// The todo's page.
    pub link: Link,
}

impl Mail for TodoAssigned {
    const NAME: &'static str = "todo_assigned";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Team;
    const MUST_SAY: &'static [&'static str] = &["link"];

    fn sample(language: Language) -> Self {
        Self {
            title: either(language, "見本を受け取りに行く", "Fetch the samples"),
            about: either(
                language,
                "株式会社みほん商店・名刺の入力",
                "Mihon Trading Co., Ltd., Business cards",
            ),
            due: either(language, "2026年12月7日(月) 14:00", "Mon 7 Dec 2026 14:00"),
            asked_by: either(language, "営業 太郎", "Taro Eigyo"),
            link: Link::sample("/todos/5"),
        }
    }
}

/// A colleague named somebody in what they noted: the note itself stays behind the link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mentioned {
    /// The company and the deal it is about, in words.
    pub about: String,
    /// Who noted it.
    pub by: String,
    /// The page on which it stands.
    pub link: Link,
}

impl Mail for Mentioned {
    const NAME: &'static str = "mentioned";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Team;
    const MUST_SAY: &'static [&'static str] = &["link"];

    fn sample(language: Language) -> Self {
        Self {
            about: either(
                language,
                "株式会社みほん商店・名刺の入力",
                "Mihon Trading Co., Ltd., Business cards",
            ),
            by: either(language, "営業 太郎", "Taro Eigyo"),
            link: Link::sample("/deals/5"),
        }
    }
}
