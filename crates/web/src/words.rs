//! Words of the pages that mails use too.

use std::sync::OnceLock;

use accounts::Role;
use chrono::NaiveDate;
use fluent_bundle::FluentArgs;
use fulfillment::appeals::AppealOutcome;
use fulfillment::deliveries::Share;
use fulfillment::endings::EndingException;
use fulfillment::events::ShareNews;
use fulfillment::partners::Standing;
use fulfillment::reviews::{ReviewReason, Verdict};
use kernel::Language;
use notifier::webhooks::Stop;

use crate::format;
use crate::texts::Texts;

fn texts() -> &'static Texts {
    static TEXTS: OnceLock<Texts> = OnceLock::new();
    TEXTS.get_or_init(Texts::load)
}

/// A sentence with words in it, for mails as for pages.
pub(crate) fn said<const N: usize>(
    language: Language,
    key: &str,
    words: [(&'static str, &str); N],
) -> String {
    let mut args = FluentArgs::new();
    for (name, text) in words {
        args.set(name, text.to_owned());
    }
    texts().get(language, key, &args)
}

/// The word of a stored value, for mails as for pages: the text `PREFIX-VALUE`.
pub(crate) fn word(language: Language, prefix: &str, value: impl std::fmt::Display) -> String {
    texts().plain(language, &format!("{prefix}-{}", value.to_string().replace('_', "-")))
}

/// The names of roles, as pages show them.
pub fn role_names(language: Language, roles: impl IntoIterator<Item = Role>) -> String {
    let names = roles.into_iter().map(|role| texts().plain(language, &format!("role-{role}")));
    let between = match language {
        Language::Ja => "、",
        Language::En => ", ",
    };
    names.collect::<Vec<_>>().join(between)
}

/// Why a checker sent work back, as pages say it.
pub fn review_reason(language: Language, reason: ReviewReason) -> String {
    texts().plain(language, &format!("review-reason-{}", reason.as_str().replace('_', "-")))
}

/// What the other town of a share did: a sentence without its full stop.
pub fn share_news(language: Language, news: ShareNews) -> String {
    word(language, "share-news", news)
}

/// How many of so many pieces were delivered.
pub fn share_progress(language: Language, delivered: i32, quantity: i32) -> String {
    let [delivered, quantity] = [delivered, quantity].map(|pieces| format::count(i64::from(pieces)));
    said(language, "share-delivered", [("delivered", &delivered), ("quantity", &quantity)])
}

/// What another town did about working together: a sentence without its full stop.
pub fn partner_news(language: Language, standing: Standing) -> String {
    word(language, "partner-news", standing)
}

/// What an appeal led to, as reviewers read it.
pub fn appeal_outcome(language: Language, against: Verdict, outcome: AppealOutcome) -> String {
    texts().plain(language, &outcome_key("appeal-outcome", against, outcome))
}

/// The text of an outcome: that it stands is said otherwise of a return than of a refusal.
pub(crate) fn outcome_key(prefix: &str, against: Verdict, outcome: AppealOutcome) -> String {
    match (against, outcome) {
        (Verdict::Return, AppealOutcome::Upheld) => format!("{prefix}-return-upheld"),
        _ => format!("{prefix}-{}", outcome.as_str()),
    }
}

/// What an appeal led to, as whoever made it reads it.
pub fn my_appeal_outcome(language: Language, against: Verdict, outcome: AppealOutcome) -> String {
    texts().plain(language, &outcome_key("my-appeal-outcome", against, outcome))
}

/// Why work may end sooner than thirty days after its notice, as pages say it.
pub fn ending_exception(language: Language, exception: EndingException) -> String {
    texts().plain(language, &format!("endings-exception-{}", exception.as_str().replace('_', "-")))
}

/// Why a program is told nothing any more, as pages and mails say it.
pub fn webhook_stop(language: Language, why: Stop) -> String {
    texts().plain(language, &format!("webhook-stopped-{why}"))
}

/// How much of an order a delivery of so many units is, and when the rest comes; empty where it is all of it. A day that
/// has passed on `today` is not promised again.
pub fn share_of_order(language: Language, units: i64, share: Share, today: NaiveDate) -> String {
    if share.of <= units {
        return String::new();
    }
    let mut said = FluentArgs::new();
    said.set("units", format::count(units));
    said.set("of", format::count(share.of));
    said.set("rest", format::count(share.rest));
    said.set("date", format::full_date(language, share.due_on));
    let part = texts().get(language, "client-share", &said);
    if share.rest <= 0 {
        return part;
    }
    let rest = if share.due_on < today { "client-share-rest-later" } else { "client-share-rest" };
    let between = if language == Language::Ja { "" } else { " " };
    format!("{part}{between}{}", texts().get(language, rest, &said))
}

/// What a kind of background task does, in words; the kind itself where this version has none for it.
pub fn task_name(language: Language, kind: &str) -> String {
    // What passes an event on is called the same whatever the event.
    let kind_of_all =
        kind.split_once('/').filter(|(first, _)| *first == "dispatch").map_or(kind, |(first, _)| first);
    let key = format!("task-{}", kind_of_all.replace(['.', '/', '_'], "-"));
    texts().known(language, &key).unwrap_or_else(|| kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// That every other kind has a name is tested where all of them are registered, in `yui::runtime`.
    #[test]
    fn a_task_has_a_name_unless_another_version_made_it() {
        for language in Language::ALL {
            assert_ne!(task_name(*language, "dispatch"), "dispatch");
            assert_eq!(task_name(*language, "dispatch/deal.won"), task_name(*language, "dispatch"));
        }
        assert_eq!(task_name(Language::Ja, "of.another/version"), "of.another/version");
    }
}
