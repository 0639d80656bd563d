//! Mails about work that review refused or sent back: its maker asks for another reviewer's word, and gets it.

use kernel::Language;
use serde::Serialize;

use super::changes::{Sample, mails};
use super::{Audience, Link, Mail};
use crate::messages::Category;

mails! {
    /// A maker wants another reviewer's word: to those who review, and to whoever went against it.
    AppealMade = "appeal_made", Team, "/appeals/7", must say ["until", "link"], {
        /// What the work is.
        title: String = "商品写真の切り抜き", "Cutting out product photos";
        /// Which unit.
        unit: String = "3番", "no. 3";
        /// Why its maker thinks otherwise.
        text: String = "見本の3枚目と同じ形にしました。", "I made it like the third sample.";
        /// By when it is decided, in words.
        until: String = "2026年12月4日(金)", "Fri 4 Dec 2026";
        /// Whoever reads this refused it or sent it back, so somebody else decides.
        is_yours: bool = false, false;
        /// It was sent back, and not refused.
        is_return: bool = false, false;
    }

    /// Another reviewer decided: to whoever appealed.
    AppealDecided = "appeal_decided", Worker, "/my-units/302/appeal", must say ["comment", "link"], {
        /// What the work is.
        title: String = "商品写真の切り抜き", "Cutting out product photos";
        /// Which unit, as the worker knows it.
        unit: String = "3番", "no. 3";
        /// What came of it, in a sentence.
        outcome: String = "作業の分を、お支払いします。", "You are paid for the work.";
        /// Why.
        comment: String = "見本が古いものでした。", "The sample was an old one.";
        /// What they are paid, with its unit; empty where nothing.
        amount: String = "600円", "¥600";
        /// When they are paid, in words; empty where they are not.
        pay_on: String = "2026年12月25日(金)", "Fri 25 Dec 2026";
        /// By when to hand it in again, in words; empty where nothing is to be done again.
        deadline: String = "", "";
    }

    /// The same to whoever had refused it or sent it back.
    AppealAnswered = "appeal_answered", Team, "/appeals/7", must say ["outcome", "link"], {
        /// What the work is.
        title: String = "商品写真の切り抜き", "Cutting out product photos";
        /// Which unit.
        unit: String = "3番", "no. 3";
        /// What came of it, in words.
        outcome: String = "受け取れないままにするが、支払う", "Not taken, but paid";
        /// Why.
        comment: String = "見本が古いものでした。", "The sample was an old one.";
        /// It had been sent back, and not refused.
        is_return: bool = false, false;
    }
}
