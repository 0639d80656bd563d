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

/// Why a unit comes back that its client wants mended.
pub fn client_wants_it_mended(language: Language) -> String {
    texts().plain(language, "review-reason-client")
}

/// What a kind of background task does, in words; the kind itself where this version has none for it.
pub fn task_name(language: Language, kind: &str) -> String {
    let key = format!("task-{}", kind.replace(['.', '/', '_'], "-"));
    texts().known(language, &key).unwrap_or_else(|| kind.to_owned())
}

#[cfg(test)]
mod tests {
    use accounts::{events as accounts_events, invitations::ResetAsked};
    use fulfillment::events;
    use queue::Event;
    use queue::tasks::Task;

    use super::*;

    #[test]
    fn every_kind_of_task_has_a_name() {
        fn mail<E: Event>() -> String {
            format!("{}/mail", E::KIND)
        }
        let kinds = [
            "dispatch".to_owned(),
            ResetAsked::KIND.to_owned(),
            format!("{}/open-order", sales::events::DealWon::KIND),
            mail::<sales::events::DealWon>(),
            mail::<accounts_events::PersonInvited>(),
            mail::<accounts_events::PasswordResetRequested>(),
            mail::<accounts_events::PasswordChanged>(),
            mail::<accounts_events::NewDeviceSignedIn>(),
            mail::<events::OrderOpened>(),
            mail::<events::JobOffered>(),
            mail::<events::UnitsClaimed>(),
            mail::<events::UnitReturned>(),
            mail::<events::DeliverySent>(),
            mail::<events::AcceptCodeRequested>(),
            mail::<events::DeliveryAnswered>(),
            mail::<events::OrderAccepted>(),
            mail::<events::UnitTakenBack>(),
            mail::<events::UnitRejected>(),
            mail::<events::UnitsCancelled>(),
        ];
        for kind in kinds {
            for language in Language::ALL {
                assert_ne!(task_name(*language, &kind), kind, "{kind} in {language}");
            }
        }
        assert_eq!(task_name(Language::Ja, "of.another/version"), "of.another/version");
    }
}
