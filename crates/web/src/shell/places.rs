//! The places of the navigation, the lists that stand in no menu, and what can be added; each with who may open it.

use crate::access::Roles;

/// One place in the navigation.
pub(super) struct Place {
    pub(super) group: &'static str,
    pub(super) text: &'static str,
    pub(super) href: &'static str,
    pub(super) icon: &'static str,
    pub(super) roles: Roles,
    /// Stands in the phone's bottom bar for these roles.
    pub(super) bottom: Roles,
}

const NOBODY: Roles = Roles::NOBODY;
const SELLING: Roles = Roles::SALES.and(Roles::ADMIN);
const MEETING: Roles = SELLING.and(Roles::COORDINATOR).and(Roles::OFFICER).and(Roles::ADVISER);
const RUNNING: Roles = Roles::COORDINATOR.and(Roles::ADMIN);

/// The whole navigation, in order; who sees what is the same as who may open it.
pub(super) const PLACES: &[Place] = &[
    Place {
        group: "nav-today",
        text: "nav-home",
        href: "/",
        icon: "home",
        roles: Roles::ANYONE,
        bottom: Roles::ANYONE,
    },
    Place {
        group: "nav-sales",
        text: "day-title",
        href: "/my-day",
        icon: "today",
        roles: SELLING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-sales",
        text: "nav-board",
        href: "/board",
        icon: "board",
        roles: SELLING,
        bottom: Roles::SALES,
    },
    Place {
        group: "nav-sales",
        text: "nav-deals",
        href: "/deals",
        icon: "deal",
        roles: SELLING.and(Roles::COORDINATOR),
        bottom: NOBODY,
    },
    Place {
        group: "nav-sales",
        text: "nav-leads",
        href: "/leads",
        icon: "inbox",
        roles: SELLING,
        bottom: Roles::SALES,
    },
    Place {
        group: "nav-sales",
        text: "nav-companies",
        href: "/companies",
        icon: "company",
        roles: SELLING.and(Roles::COORDINATOR),
        bottom: Roles::SALES,
    },
    Place {
        group: "nav-sales",
        text: "nav-contacts",
        href: "/contacts",
        icon: "person",
        roles: SELLING.and(Roles::COORDINATOR),
        bottom: NOBODY,
    },
    Place {
        group: "nav-sales",
        text: "meetings-title",
        href: "/meetings",
        icon: "meeting",
        roles: MEETING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-sales",
        text: "targets-title",
        href: "/targets",
        icon: "target",
        roles: MEETING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-sales",
        text: "roadmap-title",
        href: "/roadmap",
        icon: "roadmap",
        roles: MEETING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-sales",
        text: "forecast-title",
        href: "/forecast",
        icon: "chart",
        roles: MEETING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-sales",
        text: "advice-title",
        href: "/advice",
        icon: "comment",
        roles: MEETING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-sales",
        text: "analyses-title",
        href: "/analyses",
        icon: "filter",
        roles: MEETING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-sales",
        text: "team-title",
        href: "/team",
        icon: "people",
        roles: MEETING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-sales",
        text: "nav-registry",
        href: "/registry",
        icon: "search",
        roles: SELLING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-sales",
        text: "imports",
        href: "/imports",
        icon: "upload",
        roles: SELLING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-work",
        text: "nav-orders",
        href: "/orders",
        icon: "order",
        roles: RUNNING.and(Roles::SALES),
        bottom: Roles::COORDINATOR,
    },
    Place {
        group: "nav-work",
        text: "capacity-title",
        href: "/capacity",
        icon: "capacity",
        roles: RUNNING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-work",
        text: "shares-title",
        href: "/shares",
        icon: "send",
        roles: RUNNING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-work",
        text: "partners-title",
        href: "/partners",
        icon: "company",
        roles: RUNNING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-work",
        text: "nav-review",
        href: "/review",
        icon: "review",
        roles: RUNNING,
        bottom: Roles::COORDINATOR,
    },
    Place {
        group: "nav-work",
        text: "nav-deliveries",
        href: "/deliveries",
        icon: "delivery",
        roles: RUNNING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-work",
        text: "nav-workers",
        href: "/workers",
        icon: "people",
        roles: RUNNING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-work",
        text: "invoices-title",
        href: "/invoices",
        icon: "statement",
        roles: RUNNING.and(Roles::OFFICER),
        bottom: NOBODY,
    },
    Place {
        group: "nav-work",
        text: "statements-title",
        href: "/statements",
        icon: "yen",
        roles: RUNNING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-own",
        text: "nav-offers",
        href: "/offers",
        icon: "offer",
        roles: Roles::WORKER,
        bottom: Roles::WORKER,
    },
    Place {
        group: "nav-own",
        text: "nav-units",
        href: "/my-units",
        icon: "play",
        roles: Roles::WORKER,
        bottom: Roles::WORKER,
    },
    Place {
        group: "nav-own",
        text: "learning-title",
        href: "/my-learning",
        icon: "book",
        roles: Roles::WORKER,
        bottom: NOBODY,
    },
    Place {
        group: "nav-own",
        text: "nav-pay",
        href: "/my-pay",
        icon: "yen",
        roles: Roles::WORKER,
        bottom: Roles::WORKER,
    },
    Place {
        group: "nav-own",
        text: "care-title",
        href: "/care-requests",
        icon: "comment",
        roles: Roles::WORKER.and(RUNNING),
        bottom: NOBODY,
    },
    Place {
        group: "nav-own",
        text: "centre-title",
        href: "/centre",
        icon: "calendar",
        roles: Roles::WORKER.and(RUNNING),
        bottom: NOBODY,
    },
    Place {
        group: "nav-own",
        text: "voices-title",
        href: "/voices",
        icon: "people",
        roles: Roles::WORKER.and(RUNNING),
        bottom: NOBODY,
    },
    Place {
        group: "nav-own",
        text: "desk-title",
        href: "/harassment",
        icon: "shield",
        roles: Roles::ANYONE,
        bottom: NOBODY,
    },
    Place {
        group: "nav-report",
        text: "visits-title",
        href: "/visits",
        icon: "people",
        roles: RUNNING.and(Roles::OFFICER),
        bottom: NOBODY,
    },
    Place {
        group: "nav-report",
        text: "nav-figures",
        href: "/figures",
        icon: "chart",
        roles: Roles::OFFICER.and(Roles::ADVISER).and(Roles::ADMIN).and(Roles::SALES),
        bottom: Roles::OFFICER.and(Roles::ADVISER),
    },
    Place {
        group: "nav-settings",
        text: "nav-town",
        href: "/town",
        icon: "settings",
        roles: Roles::ADMIN,
        bottom: NOBODY,
    },
    Place {
        group: "nav-settings",
        text: "nav-pipelines",
        href: "/pipelines",
        icon: "board",
        roles: Roles::ADMIN,
        bottom: NOBODY,
    },
    Place {
        group: "nav-settings",
        text: "nav-costs",
        href: "/costs",
        icon: "yen",
        roles: Roles::ADMIN,
        bottom: NOBODY,
    },
    Place {
        group: "nav-settings",
        text: "nav-members",
        href: "/members",
        icon: "people",
        roles: Roles::ADMIN,
        bottom: NOBODY,
    },
    Place {
        group: "nav-settings",
        text: "nav-messages",
        href: "/messages",
        icon: "send",
        roles: RUNNING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-settings",
        text: "nav-calls",
        href: "/calls",
        icon: "phone",
        roles: RUNNING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-settings",
        text: "nav-suppressions",
        href: "/suppressions",
        icon: "mail",
        roles: RUNNING,
        bottom: NOBODY,
    },
    Place {
        group: "nav-settings",
        text: "nav-mail-texts",
        href: "/mail-texts",
        icon: "edit",
        roles: Roles::ADMIN,
        bottom: NOBODY,
    },
    Place {
        group: "nav-settings",
        text: "nav-webhooks",
        href: "/webhooks",
        icon: "send",
        roles: Roles::ADMIN,
        bottom: NOBODY,
    },
    Place {
        group: "nav-settings",
        text: "nav-sandbox",
        href: "/sandbox",
        icon: "mail",
        roles: Roles::ADMIN,
        bottom: NOBODY,
    },
    Place {
        group: "nav-settings",
        text: "nav-tasks",
        href: "/tasks",
        icon: "refresh",
        roles: Roles::ADMIN,
        bottom: NOBODY,
    },
];

/// What the 追加 menu offers.
pub(super) const ADDABLE: &[Place] = &[
    Place { group: "", text: "add-lead", href: "/leads/new", icon: "inbox", roles: SELLING, bottom: NOBODY },
    Place {
        group: "",
        text: "add-company",
        href: "/companies/new",
        icon: "company",
        roles: SELLING,
        bottom: NOBODY,
    },
    Place { group: "", text: "add-deal", href: "/deals/new", icon: "board", roles: SELLING, bottom: NOBODY },
    Place {
        group: "",
        text: "orders-direct-title",
        href: "/orders/new",
        icon: "order",
        roles: SELLING.and(Roles::COORDINATOR),
        bottom: NOBODY,
    },
    Place {
        group: "",
        text: "todo-new-title",
        href: "/todos/new",
        icon: "check-circle",
        roles: SELLING,
        bottom: NOBODY,
    },
    Place {
        group: "",
        text: "add-worker",
        href: "/workers/new",
        icon: "person",
        roles: RUNNING,
        bottom: NOBODY,
    },
    Place {
        group: "",
        text: "add-member",
        href: "/members/new",
        icon: "person",
        roles: Roles::ADMIN,
        bottom: NOBODY,
    },
];

const fn list(
    group: &'static str,
    text: &'static str,
    href: &'static str,
    icon: &'static str,
    roles: Roles,
) -> Place {
    Place { group, text, href, icon, roles, bottom: NOBODY }
}

/// Lists that stand in no menu, because another page leads to them (`what_stands_in_no_menu_is_led_to_by_another_page`).
pub(super) const LISTS: &[Place] = &[
    list("nav-sales", "todos-title", "/todos", "check-circle", SELLING),
    list("nav-sales", "views", "/views", "filter", SELLING),
    list("nav-sales", "bulk-edits", "/bulk-edits", "edit", SELLING),
    list("nav-work", "transfer-title", "/statements/transfer", "download", RUNNING),
    list("nav-work", "payer-title", "/statements/payer", "yen", RUNNING),
    list("nav-work", "courses-title", "/courses", "book", RUNNING),
    list("nav-work", "waiting-title", "/workers/waiting", "people", RUNNING),
    list("nav-work", "expiring-title", "/skills/expiring", "clock", RUNNING),
    list("nav-work", "skills-title", "/skills", "book", RUNNING),
];

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Every template there is, as one text.
    fn templates() -> String {
        let folders = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")).unwrap();
        let folders = folders.map(|folder| folder.unwrap().path()).filter(|path| path.is_dir());
        let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
        let pages = files.filter(|path| path.extension().is_some_and(|ending| ending == "html"));
        pages.map(|path| fs::read_to_string(path).unwrap()).collect()
    }

    #[test]
    fn what_stands_in_no_menu_is_led_to_by_another_page() {
        let templates = templates();
        for Place { href, .. } in LISTS {
            let ways = [format!("<a href=\"{href}\""), format!(", \"{href}\""), format!(", \"{href}?")];
            assert!(ways.iter().any(|way| templates.contains(way)), "nothing but the search leads to {href}");
            assert!(PLACES.iter().all(|place| place.href != *href), "{href} stands in a menu");
        }
    }
}
