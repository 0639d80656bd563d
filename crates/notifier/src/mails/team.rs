//! Mails to the town's own salespeople and coordinators.

use kernel::Language;
use serde::Serialize;

use super::{Audience, Link, Mail, either};
use crate::messages::Category;

fn company(language: Language) -> String {
    either(language, "株式会社みほん商店", "Mihon Trading Co., Ltd.")
}

fn title(language: Language) -> String {
    either(language, "商品写真の切り抜き（11月分）", "Product photo cut-outs, November")
}

/// A deal is won: to its owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DealWon {
    /// The client.
    pub company: String,
    /// The deal.
    pub deal_title: String,
    /// Its amount, formatted.
    pub amount: String,
    /// Who closed it.
    pub won_by: String,
    /// The deal's page.
    pub link: Link,
}

impl Mail for DealWon {
    const NAME: &'static str = "deal_won";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Team;
    const MUST_SAY: &'static [&'static str] = &["link"];

    fn sample(language: Language) -> Self {
        Self {
            company: company(language),
            deal_title: title(language),
            amount: either(language, "88,000円", "¥88,000"),
            won_by: either(language, "営業 太郎", "Taro Eigyo"),
            link: Link::sample("/deals/5"),
        }
    }
}

/// A won deal became an order: to the coordinators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderOpened {
    /// The client.
    pub company: String,
    /// The order.
    pub order_title: String,
    /// Its amount, formatted.
    pub amount: String,
    /// When it is due, in words; empty where not agreed.
    pub due: String,
    /// The order's page.
    pub link: Link,
}

impl Mail for OrderOpened {
    const NAME: &'static str = "order_opened";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Team;
    const MUST_SAY: &'static [&'static str] = &["link"];

    fn sample(language: Language) -> Self {
        Self {
            company: company(language),
            order_title: title(language),
            amount: either(language, "88,000円", "¥88,000"),
            due: either(language, "2026年12月7日(月)", "Mon 7 Dec 2026"),
            link: Link::sample("/orders/9"),
        }
    }
}

/// Nobody will take what waits of a job as things are: to the coordinators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PoolStands {
    /// What the job is called.
    pub title: String,
    /// How many units wait.
    pub units: u32,
    /// When they must be handed in, in words.
    pub deadline: String,
    /// Whether it fits nobody at all; else everybody whom it fits has had a day to take it.
    pub fits_nobody: bool,
    /// The page with who was asked.
    pub link: Link,
}

impl Mail for PoolStands {
    const NAME: &'static str = "pool_stands";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Team;
    const MUST_SAY: &'static [&'static str] = &["deadline", "link"];

    fn sample(language: Language) -> Self {
        Self {
            title: either(language, "商品写真の切り抜き", "Cutting out product photos"),
            units: 12,
            deadline: either(language, "2026年12月4日(金)", "Fri 4 Dec 2026"),
            fits_nobody: true,
            link: Link::sample("/jobs/12/rounds"),
        }
    }
}

/// Somebody is off today, as they said today: to the coordinators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AwayToday {
    /// Who.
    pub name: String,
    /// How many units they hold that are due within three days.
    pub urgent: u32,
    /// Their page.
    pub link: Link,
}

impl Mail for AwayToday {
    const NAME: &'static str = "away_today";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Team;
    const MUST_SAY: &'static [&'static str] = &["name", "link"];

    fn sample(language: Language) -> Self {
        Self {
            name: either(language, "見本 花子", "Hanako Mihon"),
            urgent: 2,
            link: Link::sample("/workers/12"),
        }
    }
}

/// Whoever was off today works after all: to the coordinators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackToday {
    /// Who.
    pub name: String,
    /// Their page.
    pub link: Link,
}

impl Mail for BackToday {
    const NAME: &'static str = "back_today";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Team;
    const MUST_SAY: &'static [&'static str] = &["name", "link"];

    fn sample(language: Language) -> Self {
        Self { name: either(language, "見本 花子", "Hanako Mihon"), link: Link::sample("/workers/12") }
    }
}

/// The client answered a delivery: to the coordinator and the deal's owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeliveryAnswered {
    /// The client.
    pub company: String,
    /// The order.
    pub order_title: String,
    /// Who answered, as they typed their name; empty where silence did, as agreed.
    pub answered_by: String,
    /// Units accepted.
    pub accepted: u32,
    /// Units to be mended.
    pub to_fix: u32,
    /// What they wrote; may be empty.
    pub comment: String,
    /// The delivery's page.
    pub link: Link,
}

impl Mail for DeliveryAnswered {
    const NAME: &'static str = "delivery_answered";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Team;
    const MUST_SAY: &'static [&'static str] = &["link"];

    fn sample(language: Language) -> Self {
        Self {
            company: company(language),
            order_title: title(language),
            answered_by: either(language, "発注 一郎", "Ichiro Hatchu"),
            accepted: 38,
            to_fix: 2,
            comment: either(
                language,
                "5番と9番の余白をそろえてください。",
                "Please even out the margins of 5 and 9.",
            ),
            link: Link::sample("/deliveries/14"),
        }
    }
}

/// A client would like the same again: to the coordinators and whoever sold it, any of whom may confirm it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RepeatWished {
    /// The client.
    pub company: String,
    /// The order they would like once more.
    pub order_title: String,
    /// Who wrote it, as they typed their name.
    pub wished_by: String,
    /// The day they would like to have it, in words.
    pub wished_on: String,
    /// What else they said; may be empty.
    pub note: String,
    /// The order's page, where it is confirmed or declined.
    pub link: Link,
}

impl Mail for RepeatWished {
    const NAME: &'static str = "repeat_wished";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Team;
    const MUST_SAY: &'static [&'static str] = &["link"];

    fn sample(language: Language) -> Self {
        Self {
            company: company(language),
            order_title: title(language),
            wished_by: either(language, "発注 一郎", "Ichiro Hatchu"),
            wished_on: either(language, "2027年1月15日(金)", "Fri 15 Jan 2027"),
            note: either(language, "部数は前回と同じです。", "As many as last time."),
            link: Link::sample("/orders/9"),
        }
    }
}

/// Everything of an order is accepted: to the coordinators and the deal's owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderAccepted {
    /// The client.
    pub company: String,
    /// The order.
    pub order_title: String,
    /// Its amount, formatted.
    pub amount: String,
    /// The day of acceptance, in words.
    pub accepted_on: String,
    /// The order's page.
    pub link: Link,
}

impl Mail for OrderAccepted {
    const NAME: &'static str = "order_accepted";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Team;
    const MUST_SAY: &'static [&'static str] = &["link"];

    fn sample(language: Language) -> Self {
        Self {
            company: company(language),
            order_title: title(language),
            amount: either(language, "88,000円", "¥88,000"),
            accepted_on: either(language, "2026年12月10日(木)", "Thu 10 Dec 2026"),
            link: Link::sample("/orders/9"),
        }
    }
}
