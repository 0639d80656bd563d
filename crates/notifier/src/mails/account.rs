//! Mails about an account or a proof of identity: each carries a secret for one use, or tells of its use.

use kernel::Language;
use serde::Serialize;

use super::{Audience, Link, Mail, either};
use crate::messages::Category;

/// Somebody was asked to join: the link on which they choose their password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invitation {
    /// What they will do, in words: `ワーカー`, `営業、ディレクター`.
    pub roles: String,
    /// Until when the link works, in words.
    pub expires: String,
    /// The page to choose a password on.
    pub link: Link,
}

impl Mail for Invitation {
    const NAME: &'static str = "invitation";
    const CATEGORY: Category = Category::Account;
    const AUDIENCE: Audience = Audience::Account;
    const MUST_SAY: &'static [&'static str] = &["link"];

    fn sample(language: Language) -> Self {
        Self {
            roles: either(language, "ワーカー", "worker"),
            expires: either(language, "12月1日(火) 17:00", "Tue 1 Dec, 17:00 Japan time"),
            link: Link::sample("/join/SAMPLE"),
        }
    }
}

/// Somebody who could not sign in asked for a new password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PasswordReset {
    /// Until when the link works, in words.
    pub expires: String,
    /// The page to choose a new password on.
    pub link: Link,
}

impl Mail for PasswordReset {
    const NAME: &'static str = "password_reset";
    const CATEGORY: Category = Category::Account;
    const AUDIENCE: Audience = Audience::Account;
    const MUST_SAY: &'static [&'static str] = &["link"];

    fn sample(language: Language) -> Self {
        Self {
            expires: either(language, "11月24日(火) 11:30", "Tue 24 Nov, 11:30 Japan time"),
            link: Link::sample("/reset/SAMPLE"),
        }
    }
}

/// A password was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PasswordChanged {
    /// When, in words.
    pub at: String,
    /// The page to ask for a new password on, if it was somebody else.
    pub reset_link: Link,
}

impl Mail for PasswordChanged {
    const NAME: &'static str = "password_changed";
    const CATEGORY: Category = Category::Account;
    const AUDIENCE: Audience = Audience::Account;
    const MUST_SAY: &'static [&'static str] = &["reset_link"];

    fn sample(language: Language) -> Self {
        Self {
            at: either(language, "11月24日(火) 10:32", "Tue 24 Nov, 10:32 Japan time"),
            reset_link: Link::sample("/forgot"),
        }
    }
}

/// Somebody signed in with a browser they had not used before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewDevice {
    /// The browser, in words: `Chrome（Windows）`.
    pub device: String,
    /// When, in words.
    pub at: String,
    /// The page that lists one's sessions and ends them.
    pub sessions_link: Link,
}

impl Mail for NewDevice {
    const NAME: &'static str = "new_device";
    const CATEGORY: Category = Category::Account;
    const AUDIENCE: Audience = Audience::Account;
    const MUST_SAY: &'static [&'static str] = &["device", "sessions_link"];

    fn sample(language: Language) -> Self {
        Self {
            device: either(language, "Safari（iPhone）", "Safari on iPhone"),
            at: either(language, "11月24日(火) 10:32", "Tue 24 Nov, 10:32 Japan time"),
            sessions_link: Link::sample("/account/sessions"),
        }
    }
}

/// The code with which a client's contact proves that it is they who accept a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AcceptCode {
    /// The client.
    pub company: String,
    /// The order the delivery belongs to.
    pub order_title: String,
    /// Six digits.
    pub code: String,
    /// Until when it counts, as a day and a time by the reader's clock: true however late the mail is read.
    pub until: String,
}

impl Mail for AcceptCode {
    const NAME: &'static str = "accept_code";
    const CATEGORY: Category = Category::Account;
    const AUDIENCE: Audience = Audience::Client;
    const MUST_SAY: &'static [&'static str] = &["code", "until"];

    fn sample(language: Language) -> Self {
        Self {
            company: either(language, "株式会社みほん商店", "Mihon Trading Co., Ltd."),
            order_title: either(language, "商品写真の切り抜き（11月分）", "Product photo cut-outs, November"),
            code: "402917".to_owned(),
            until: either(language, "11月24日(火) 10:42", "Tue 24 Nov, 10:42 Japan time"),
        }
    }
}
