//! The mail about webhooks: that one has stopped.

use kernel::Language;
use serde::Serialize;

use super::changes::{Sample, mails};
use super::{Audience, Link, Mail};
use crate::messages::Category;

mails! {
    /// A program of somebody else's is told nothing any more: to administrators.
    WebhookStopped = "webhook_stopped", Team, "/webhooks/3", must say ["link"], {
        /// What the town calls it; its machine where it has no name.
        name: String = "会計ソフト", "Accounting package";
        /// Why, a sentence without its full stop.
        why: String = "3日以上届かなかったため、送るのを止めました", "Nothing arrived for three days, so sending has stopped";
    }
}
