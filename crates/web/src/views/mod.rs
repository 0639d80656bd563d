//! Saved views of deals, companies, contacts and leads: the list of them, one with its rows, the builder, JSON.

pub(crate) mod api;
pub(crate) mod builder;
mod cells;
mod outline;
pub(crate) mod pages;
mod words;

use sales::views::ViewKind;

use crate::call::Call;
use crate::phrases;
use crate::shell::Crumb;

/// The list that a kind of view shows a part of, and its name.
fn whole_list(kind: ViewKind) -> (&'static str, &'static str) {
    match kind {
        ViewKind::Deals => ("/deals", "deals-title"),
        ViewKind::Companies => ("/companies", "nav-companies"),
        ViewKind::Contacts => ("/contacts", "contacts"),
        ViewKind::Leads => ("/leads", "nav-leads"),
    }
}

/// Where the views of a kind are listed.
fn index_of(kind: ViewKind) -> String {
    phrases::address("/views", &[("kind", kind.as_str())])
}

/// The way to a view of that kind.
fn crumbs(call: &Call, kind: ViewKind) -> Vec<Crumb> {
    let (href, key) = whole_list(kind);
    vec![Crumb::new(call, key, href), Crumb::new(call, "views", index_of(kind))]
}
