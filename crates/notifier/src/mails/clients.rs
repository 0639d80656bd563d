//! Mails to the people at a client.

use kernel::Language;
use serde::Serialize;

use super::{Audience, Link, Mail, either};
use crate::messages::Category;

/// A delivery is ready to be fetched and inspected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeliverySent {
    /// The client.
    pub company: String,
    /// The order.
    pub order_title: String,
    /// How many units are in it.
    pub units: u32,
    /// `3件中1件`, and when the rest comes; empty where it is all of the order.
    pub share: String,
    /// Until when they may inspect it, in words.
    pub inspect_until: String,
    /// Silence beyond that day accepts it, as agreed.
    pub silence_accepts: bool,
    /// What the coordinator adds; may be empty.
    pub message: String,
    /// The page to fetch it from and to answer on; opens without an account.
    pub link: Link,
}

impl Mail for DeliverySent {
    const NAME: &'static str = "delivery_sent";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Client;
    const MUST_SAY: &'static [&'static str] = &["inspect_until", "link"];

    fn sample(language: Language) -> Self {
        Self {
            company: either(language, "株式会社みほん商店", "Mihon Trading Co., Ltd."),
            order_title: either(language, "商品写真の切り抜き（11月分）", "Product photo cut-outs, November"),
            units: 40,
            share: either(
                language,
                "48件のうち40件。残りの8件は2026年12月21日(月)まで",
                "40 of 48; the remaining 8 by Mon 21 Dec 2026",
            ),
            inspect_until: either(language, "2026年12月14日(月)", "Mon 14 Dec 2026"),
            silence_accepts: false,
            message: either(
                language,
                "17番は元の写真が暗いため、明るさを整えています。",
                "Photo 17 was dark, so we corrected its brightness.",
            ),
            link: Link::sample("/d/SAMPLE"),
        }
    }
}

/// The receipt of an inquiry, with the day of the answer: to whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InquiryReceived {
    /// Its number.
    pub number: String,
    /// Their company's name as they wrote it.
    pub company: String,
    /// What they wrote.
    pub need: String,
    /// The day by which they hear from the town, in words.
    pub answer_by: String,
}

impl Mail for InquiryReceived {
    const NAME: &'static str = "inquiry_received";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Inquirer;
    const MUST_SAY: &'static [&'static str] = &["number", "answer_by"];

    fn sample(language: Language) -> Self {
        Self {
            number: "128".to_owned(),
            company: either(language, "株式会社みほん商店", "Mihon Trading Co., Ltd."),
            need: either(
                language,
                "名刺1,000枚の入力をお願いしたいです。",
                "We have 1,000 business cards to be typed in.",
            ),
            answer_by: either(language, "2026年12月7日(月)", "Mon 7 Dec 2026"),
        }
    }
}

/// An invitation to order something: advertising, and sent by its rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceNews {
    /// The client or prospect.
    pub company: String,
    /// What it is about, in one line.
    pub heading: String,
    /// What the sender writes.
    pub text: String,
    /// Who writes.
    pub written_by: String,
}

impl Mail for ServiceNews {
    const NAME: &'static str = "service_news";
    const CATEGORY: Category = Category::Commercial;
    const AUDIENCE: Audience = Audience::Prospect;
    const MUST_SAY: &'static [&'static str] = &["text"];

    fn sample(language: Language) -> Self {
        Self {
            company: either(language, "株式会社みほん商店", "Mihon Trading Co., Ltd."),
            heading: either(
                language,
                "年末の入力作業をお引き受けします",
                "Data entry before the end of the year",
            ),
            text: either(
                language,
                "アンケートの入力、名簿の整理など、100件から承ります。\n見本をお送りいただければ、3日以内にお見積りします。",
                "We take on survey entry, address lists and the like, from 100 records.\nSend us a sample and you have a quote within three days.",
            ),
            written_by: either(language, "営業 太郎", "Taro Eigyo"),
        }
    }
}
