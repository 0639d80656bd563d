//! What somebody was told (お知らせ): their own list, one of it, and what of it is read.

pub(crate) mod api;
pub(crate) mod pages;

use notifier::feed::Unread;

use crate::call::Call;
use crate::phrases::{counted, said};

/// The count beside the bell; empty where everything is read.
pub(crate) fn short(unread: Unread) -> String {
    match (unread.count, unread.more) {
        (0, _) => String::new(),
        (count, false) => count.to_string(),
        (count, true) => format!("{count}+"),
    }
}

/// How much is not read, in a sentence.
fn in_words(call: &Call, unread: Unread) -> String {
    match (unread.count, unread.more) {
        (0, _) => call.text("notices-all-read"),
        (count, false) => counted(call, "notices-unread", "count", count),
        (count, true) => counted(call, "notices-unread-more", "count", count),
    }
}

/// What the bell says to who cannot see it.
pub(crate) fn bell(call: &Call, unread: Unread) -> String {
    said(call, "notices-bell", [("unread", &in_words(call, unread))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_short_and_nothing_where_all_is_read() {
        let shown = |count, more| short(Unread { count, more });
        assert_eq!([shown(0, false), shown(3, false), shown(99, true)], ["", "3", "99+"]);
    }
}
