//! Words of the pages that mails use too.

use std::sync::OnceLock;

use accounts::Role;
use fulfillment::reviews::ReviewReason;
use kernel::Language;

use crate::texts::Texts;

fn texts() -> &'static Texts {
    static TEXTS: OnceLock<Texts> = OnceLock::new();
    TEXTS.get_or_init(Texts::load)
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
