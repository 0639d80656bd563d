//! Mails about partner towns: one asks, agrees or ends it, and what it does with a share.

use kernel::Language;
use serde::Serialize;

use super::changes::{Sample, mails};
use super::{Audience, Link, Mail};
use crate::messages::Category;

mails! {
    /// The other town of a share did something: to those who coordinate.
    ShareMoved = "share_moved", Team, "/shares/3", must say ["news", "link"], {
        /// That town.
        partner: String = "塩尻市", "Shiojiri";
        /// What is shared.
        title: String = "名簿の入力（後半）", "Entering the list (second half)";
        /// What it did, a sentence without its full stop.
        news: String = "共有した業務の一部が納品されました", "A part of what you shared was delivered";
        /// How much of it was delivered.
        progress: String = "4 / 10件", "4 of 10";
        /// Why it was declined; empty otherwise.
        reason: String = "", "";
    }

    /// Another town asked to work together, agreed or ended it: to those who coordinate.
    PartnerMoved = "partner_moved", Team, "/partners", must say ["news", "link"], {
        /// That town.
        partner: String = "塩尻市", "Shiojiri";
        /// What it did, a sentence without its full stop.
        news: String = "提携の申し込みがありました", "The town asks yours to work together";
    }
}
