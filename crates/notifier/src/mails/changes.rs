//! Mails about what changed: fixes that clients asked for, work that ends or goes to somebody else, answers and
//! reminders about deliveries.

use kernel::Language;
use serde::Serialize;

use super::{Audience, Link, Mail, either};
use crate::messages::Category;

macro_rules! mails {
    ($($(#[$meta:meta])* $name:ident = $template:literal, $audience:ident, $link:literal, must say $must:expr, {
        $($(#[$field_meta:meta])* $field:ident: $type:ty = $ja:expr, $en:expr;)+
    })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)+
            /// The page to go on from.
            pub link: Link,
        }

        impl Mail for $name {
            const NAME: &'static str = $template;
            const CATEGORY: Category = Category::Work;
            const AUDIENCE: Audience = Audience::$audience;
            const MUST_SAY: &'static [&'static str] = &$must;

            fn sample(language: Language) -> Self {
                Self { $($field: Sample::in_language(language, $ja, $en),)+ link: Link::sample($link) }
            }
        }
    )+};
}

pub(super) use mails;

/// A plausible value of a field in either language.
pub(super) trait Sample<From> {
    fn in_language(language: Language, ja: From, en: From) -> Self;
}

impl Sample<&str> for String {
    fn in_language(language: Language, ja: &str, en: &str) -> Self {
        either(language, ja, en)
    }
}

impl<T> Sample<T> for T {
    fn in_language(language: Language, ja: T, en: T) -> Self {
        match language {
            Language::Ja => ja,
            Language::En => en,
        }
    }
}

mails! {
    /// Coordination decided about a client's wish: to whoever does it.
    FixDecided = "fix_decided", Worker, "/my-units/302", must say ["comment", "extra_pay", "deadline", "link"], {
        /// What the work is.
        title: String = "商品説明の文章", "Product descriptions";
        /// Which unit, as the worker knows it.
        unit: String = "3番", "no. 3";
        /// What the client wrote.
        wish: String = "産地も書いてください。", "Please name the region, too.";
        /// What the coordinator wrote.
        comment: String = "一行で足してください。", "One line is enough.";
        /// The specification changed.
        not_your_fault: bool = true, true;
        /// What it pays beside the unit's own pay, with its unit; empty where nothing.
        extra_pay: String = "300円", "¥300";
        /// By when to hand it in again, in words.
        deadline: String = "2026年12月11日(金)", "Fri 11 Dec 2026";
    }

    /// Review refused a unit: to its maker.
    UnitRejected = "unit_rejected", Worker, "/my-units/302", must say ["reason", "link"], {
        /// What the work is.
        title: String = "商品写真の切り抜き", "Cutting out product photos";
        /// Which unit, as the worker knows it.
        unit: String = "3番", "no. 3";
        /// Why, in words of the list of reasons.
        reason: String = "読めない・開けない", "Cannot be read or opened";
        /// What the reviewer wrote; may be empty.
        comment: String = "元の写真と違うものでした。", "It was a different photo.";
        /// The specification was at fault.
        not_your_fault: bool = false, false;
        /// The last day on which they may ask for another reviewer's word, in words.
        appeal_until: String = "2026年12月4日(金)", "Fri 4 Dec 2026";
    }

    /// A coordinator took a unit back: to whoever had it.
    UnitTakenBack = "unit_taken_back", Worker, "/offers", must say ["unit", "link"], {
        /// What the work is.
        title: String = "商品写真の切り抜き", "Cutting out product photos";
        /// Which unit, as the worker knows it.
        unit: String = "3番", "no. 3";
        /// What the coordinator wrote; may be empty.
        note: String = "納期が早まったため、ほかの方にお願いします。", "It is needed sooner, so somebody else does it.";
    }

    /// Nothing was heard for a while of what somebody claimed: they are asked whether they go on.
    ClaimRests = "claim_rests", Worker, "/my-units/302", must say ["until", "link"], {
        /// What the work is.
        title: String = "商品写真の切り抜き", "Cutting out product photos";
        /// How many units of theirs.
        units: u32 = 3, 3;
        /// Until when they are kept without an answer, in words.
        until: String = "2026年12月4日(金) 10:00", "Fri 4 Dec 2026, 10:00";
        /// They are not asked again.
        is_last: bool = true, true;
    }

    /// What somebody claimed went on to others because nothing was heard of it: to whoever had it.
    ClaimExpired = "claim_expired", Worker, "/my-units/302", must say ["title", "link"], {
        /// What the work is.
        title: String = "商品写真の切り抜き", "Cutting out product photos";
        /// How many units of theirs.
        units: u32 = 3, 3;
    }

    /// The same to the coordinators.
    ClaimsFreed = "claims_freed", Team, "/jobs/12", must say ["title", "link"], {
        /// What the job is called.
        title: String = "商品写真の切り抜き", "Cutting out product photos";
        /// How many units wait again.
        units: u32 = 3, 3;
        /// When the work is due, in words.
        deadline: String = "2026年12月4日(金)", "Fri 4 Dec 2026";
    }

    /// Somebody gave back what they had claimed of a job: to the coordinators.
    UnitsHandedBack = "units_handed_back", Team, "/jobs/12", must say ["title", "link"], {
        /// Who.
        name: String = "見本 花子", "Hanako Mihon";
        /// What the job is called.
        title: String = "商品写真の切り抜き", "Cutting out product photos";
        /// How many units of it wait for somebody now.
        waiting: u32 = 3, 3;
        /// When the work is due, in words.
        deadline: String = "2026年12月4日(金)", "Fri 4 Dec 2026";
    }

    /// Somebody gave a unit back with what they had made of it: to the coordinators.
    UnitHandedOver = "unit_handed_over", Team, "/hand-overs/4", must say ["unit", "link"], {
        /// What the work is.
        title: String = "商品写真の切り抜き", "Cutting out product photos";
        /// Which unit.
        unit: String = "3番", "no. 3";
        /// How much of it is done, in tenths, as whoever made it thinks.
        tenths: u32 = 6, 6;
    }

    /// Coordination said what a part is worth: to whoever made it.
    HandOverDecided = "hand_over_decided", Worker, "/my-pay", must say ["amount", "pay_on", "link"], {
        /// What the work is.
        title: String = "商品写真の切り抜き", "Cutting out product photos";
        /// Which unit, as the worker knows it.
        unit: String = "3番", "no. 3";
        /// The share that is paid, in tenths.
        tenths: u32 = 5, 5;
        /// What that is, with its unit.
        amount: String = "600円", "¥600";
        /// When it is paid, in words.
        pay_on: String = "2026年12月25日(金)", "Fri 25 Dec 2026";
        /// Why it is less than they thought; may be empty.
        reason: String = "後半の写真は、まだ切り抜かれていませんでした。", "The photos of the second half were not cut out yet.";
    }

    /// Units were called off: to each of those who held some.
    UnitsCancelled = "units_cancelled", Worker, "/my-units", must say ["labels", "compensation", "link"], {
        /// What the work is.
        title: String = "館内案内の翻訳", "Signs of the inn";
        /// How many units of theirs.
        units: u32 = 2, 2;
        /// Which, as the worker knows them.
        labels: String = "3番、4番", "no. 3, no. 4";
        /// What they are owed for all of them, with its unit.
        compensation: String = "1,200円", "¥1,200";
        /// Why.
        note: String = "お客様のご都合で取りやめになりました。", "The client wants it no more.";
    }

    /// Somebody wrote on the town's public form: to the salespeople.
    InquiryArrived = "inquiry_arrived", Team, "/leads/7", must say ["answer_by", "link"], {
        /// Its number.
        number: String = "128", "128";
        /// The company's name as they wrote it.
        company: String = "株式会社みほん商店", "Mihon Trading Co., Ltd.";
        /// Their name as they wrote it.
        name: String = "発注 一郎", "Hatchu Ichiro";
        /// What they need.
        need: String = "名刺1,000枚の入力をお願いしたいです。", "We have 1,000 business cards to be typed in.";
        /// The day by which they were promised an answer, in words.
        answer_by: String = "2026年12月7日(月)", "Mon 7 Dec 2026";
    }

    /// An order was closed with fewer pieces than were ordered: to the coordinators and the deal's owner.
    OrderClosedShort = "order_closed_short", Team, "/orders/9", must say ["accepted_amount", "link"], {
        /// The client.
        company: String = "株式会社みほん商店", "Mihon Trading Co., Ltd.";
        /// The order.
        order_title: String = "商品写真の切り抜き（11月分）", "Product photo cut-outs, November";
        /// How many pieces were ordered.
        ordered: u32 = 40, 40;
        /// How many of them are accepted.
        accepted: u32 = 38, 38;
        /// What the order was worth, formatted.
        amount: String = "88,000円", "¥88,000";
        /// What of that counts as accepted, formatted.
        accepted_amount: String = "83,600円", "¥83,600";
        /// Why no more will be made.
        reason: String = "残りは先方で不要になった", "The client needs no more.";
    }

    /// The order of a deal that is opened again was taken back: to the coordinators and the deal's owner.
    OrderWithdrawn = "order_withdrawn", Team, "/orders/9", must say ["reason", "link"], {
        /// The client.
        company: String = "株式会社みほん商店", "Mihon Trading Co., Ltd.";
        /// The order.
        order_title: String = "商品写真の切り抜き（11月分）", "Product photo cut-outs, November";
        /// What it was worth, formatted.
        amount: String = "88,000円", "¥88,000";
        /// Who took it back; may be empty.
        withdrawn_by: String = "営業 太郎", "Taro Eigyo";
        /// Why.
        reason: String = "お客様が件数を決め直すことになった", "The client is counting again.";
    }

    /// A colleague gave somebody a deal or a lead, or many of them at once: to whose they are now.
    Assigned = "assigned", Team, "/deals/5", must say ["by", "link"], {
        /// The deal, the company of the lead, or how many there are, in words.
        title: String = "名刺の入力", "Business cards";
        /// The company of the deal, and what is to be done next by when; may be empty.
        about: String = "株式会社みほん商店・電話する（12月7日まで）", "Mihon Trading Co., Ltd., call them (by 7 Dec)";
        /// Who gave it to them.
        by: String = "営業 太郎", "Taro Eigyo";
    }

    /// How work is done changed while it is out: to whoever has some of it.
    RulesChanged = "rules_changed", Worker, "/my-jobs/12", must say ["title", "link"], {
        /// What the work is.
        title: String = "商品写真の切り抜き", "Cutting out product photos";
        /// Why, in the coordinator's words; may be empty.
        note: String = "質問が多かったところを、くわしくしました。", "Where many asked, it says more now.";
    }

    /// Somebody asked how a job is done: to the coordinators.
    QuestionAsked = "question_asked", Team, "/questions/12", must say ["question", "until", "link"], {
        /// What the job is called.
        title: String = "商品写真の切り抜き", "Cutting out product photos";
        /// Who asked.
        asker: String = "見本 花子", "Hanako Mihon";
        /// What they asked.
        question: String = "影は残しますか？", "Should shadows stay?";
        /// By when to answer, in words.
        until: String = "2026年12月4日(金) 10:00", "Fri 4 Dec 2026, 10:00";
    }

    /// Nobody has answered a question in the hours the town sets itself: to the coordinators.
    QuestionWaits = "question_waits", Team, "/questions/12", must say ["question", "link"], {
        /// What the job is called.
        title: String = "商品写真の切り抜き", "Cutting out product photos";
        /// When it was asked, in words.
        asked: String = "2026年12月3日(木) 10:00", "Thu 3 Dec 2026, 10:00";
        /// What was asked.
        question: String = "影は残しますか？", "Should shadows stay?";
    }

    /// A question was answered: to whoever asked, and to the others who have some of the work.
    QuestionAnswered = "question_answered", Worker, "/my-jobs/12", must say ["answer", "link"], {
        /// What the work is.
        title: String = "商品写真の切り抜き", "Cutting out product photos";
        /// What was asked.
        question: String = "影は残しますか？", "Should shadows stay?";
        /// What was answered.
        answer: String = "影は消して、白い背景にしてください。", "Take shadows out and leave the background white.";
        /// The reader asked it.
        is_own: bool = true, true;
        /// The rules of the work say it now.
        is_rule: bool = true, true;
    }

    /// A client who has not answered a delivery is sent the same link once more.
    DeliveryReminded = "delivery_reminded", Client, "/d/SAMPLE", must say ["inspect_until", "link"], {
        /// The client.
        company: String = "株式会社みほん商店", "Mihon Trading Co., Ltd.";
        /// The order.
        order_title: String = "商品写真の切り抜き（11月分）", "Product photo cut-outs, November";
        /// How many units are in it.
        units: u32 = 40, 40;
        /// When it was delivered, in words.
        sent_at: String = "2026年12月7日(月)", "Mon 7 Dec 2026";
        /// Until when they may inspect it, in words.
        inspect_until: String = "2026年12月14日(月)", "Mon 14 Dec 2026";
        /// Silence beyond that day accepts it, as agreed.
        silence_accepts: bool = true, true;
    }

    /// A client's silence accepted a delivery, as their terms say: to the client.
    AcceptedBySilence = "accepted_by_silence", Client, "/d/SAMPLE", must say ["inspect_until", "link"], {
        /// The client.
        company: String = "株式会社みほん商店", "Mihon Trading Co., Ltd.";
        /// The order.
        order_title: String = "商品写真の切り抜き（11月分）", "Product photo cut-outs, November";
        /// How many units were accepted.
        accepted: u32 = 40, 40;
        /// Until when they could inspect it, in words.
        inspect_until: String = "2026年12月14日(月)", "Mon 14 Dec 2026";
    }

    /// A client's receipt for their answer to a delivery.
    AnswerReceipt = "answer_receipt", Client, "/d/SAMPLE", must say ["answered_by", "answered_at", "link"], {
        /// The client.
        company: String = "株式会社みほん商店", "Mihon Trading Co., Ltd.";
        /// The order.
        order_title: String = "商品写真の切り抜き（11月分）", "Product photo cut-outs, November";
        /// The name that was typed.
        answered_by: String = "発注 一郎", "Ichiro Hatchu";
        /// When, in words.
        answered_at: String = "12月9日(水) 10:32", "Wed 9 Dec, 10:32 Japan time";
        /// How many units were accepted.
        accepted: u32 = 38, 38;
        /// How many are to be fixed.
        to_fix: u32 = 2, 2;
        /// What was asked for, unit by unit; empty where everything was accepted.
        fixes: String = "5番: 余白をそろえてください。", "no. 5: Please even out the margins.";
    }

    /// A client asked something about a delivery: to the coordinators.
    ClientAsked = "client_asked", Team, "/client-questions/3", must say ["question", "link"], {
        /// The client.
        company: String = "株式会社みほん商店", "Mihon Trading Co., Ltd.";
        /// Who asked, as they typed their name.
        asker: String = "発注 一郎", "Ichiro Hatchu";
        /// The order.
        order_title: String = "商品写真の切り抜き（11月分）", "Product photo cut-outs, November";
        /// What they asked.
        question: String = "3枚目の影は、消せますか？", "Can the shadow in the third one be removed?";
    }

    /// The town answered a client's question about a delivery.
    ClientReplied = "client_replied", Client, "/d/SAMPLE", must say ["answer", "link"], {
        /// The client.
        company: String = "株式会社みほん商店", "Mihon Trading Co., Ltd.";
        /// The order.
        order_title: String = "商品写真の切り抜き（11月分）", "Product photo cut-outs, November";
        /// What they asked.
        question: String = "3枚目の影は、消せますか？", "Can the shadow in the third one be removed?";
        /// What the town answers.
        answer: String = "はい。明日までに消したものをお届けします。", "Yes. We will send it without the shadow by tomorrow.";
    }
}
