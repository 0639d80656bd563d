//! The frame around every page: town, person, navigation by role, form token. The contract is described in
//! `templates/README.md`.

mod places;

use accounts::Role;
use kernel::Language;
use serde::Serialize;

use crate::assets::AssetUrls;
use crate::call::Call;
use crate::csrf;
use crate::host::{self, Reach};
use crate::session::Flash;
use crate::visitor::Visitor;
use places::{ADDABLE, LISTS, PLACES, Place};

/// What every template finds under `shell`.
#[derive(Serialize)]
pub(crate) struct Shell {
    lang: Language,
    town: String,
    /// How to reach that town, for readers who know it and not its program.
    reach: Option<Reach>,
    is_demo: bool,
    path: String,
    csrf: String,
    /// Tells one showing of a form from the next, so that sending it twice makes one thing ([`Call::once`]).
    form_key: String,
    theme: String,
    text_size: String,
    face: String,
    keys: bool,
    assets: AssetUrls,
    person: Option<PersonMenu>,
    nav: Vec<Group>,
    bottom: Vec<Entry>,
    add: Vec<Entry>,
    languages: Vec<LanguageLink>,
    flash: Vec<FlashNote>,
    /// How much is not read: `3`, `99+`; empty where all is.
    unread: String,
    /// The same in words, for the bell.
    bell: String,
    search_query: String,
    home_href: &'static str,
    /// Empty for people who only work: nothing they could look for is behind it.
    search_href: &'static str,
    help_href: &'static str,
    keys_href: &'static str,
    accessibility_href: &'static str,
    preferences_href: &'static str,
    sign_out_href: &'static str,
}

/// One step of the way to a page.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Crumb {
    label: String,
    href: String,
}

impl Crumb {
    /// A step named by a text.
    pub(crate) fn new(call: &Call, text: &str, href: impl Into<String>) -> Self {
        Self { label: call.text(text), href: href.into() }
    }

    /// A step named by a thing.
    pub(crate) fn named(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

#[derive(Serialize)]
struct PersonMenu {
    name: String,
    roles: String,
    href: &'static str,
}

#[derive(Serialize)]
struct Group {
    label: String,
    items: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    label: String,
    href: &'static str,
    icon: &'static str,
    current: bool,
    badge: String,
}

#[derive(Serialize)]
struct LanguageLink {
    lang: Language,
    label: &'static str,
    href: String,
    current: bool,
}

#[derive(Serialize)]
struct FlashNote {
    kind: &'static str,
    text: String,
}

impl Shell {
    pub(crate) fn of(call: &Call) -> Self {
        let roles: Vec<Role> = call.who.iter().flat_map(|who| who.roles.iter().copied()).collect();
        let flash = Flash::of(&call.request);
        let preferences = call.who.as_ref().map(|who| &who.person.preferences);
        Self {
            lang: call.language,
            town: host::name(call),
            reach: call.host.as_ref().map(Reach::of),
            is_demo: call.in_demo,
            path: call.request.path().to_owned(),
            csrf: csrf::token(&call.app.key, &call.cookie),
            form_key: call.request_id.to_string(),
            theme: preferences.map_or_else(|| "system".to_owned(), |own| own.theme.to_string()),
            text_size: preferences.map_or_else(|| "normal".to_owned(), |own| own.text_size.to_string()),
            face: preferences.map_or_else(|| "standard".to_owned(), |own| own.face.to_string()),
            keys: call.who.is_some(),
            assets: call.app.assets.urls().clone(),
            person: call.who.as_ref().map(|who| PersonMenu {
                name: who.person.name.name_in(call.language),
                roles: roles
                    .iter()
                    .map(|role| call.text(&format!("role-{role}")))
                    .collect::<Vec<_>>()
                    .join(" · "),
                href: "/me",
            }),
            nav: groups(call, &roles),
            bottom: bottom(call, &roles),
            add: ADDABLE
                .iter()
                .filter(|place| place.roles.any_of(roles.clone()))
                .map(|place| entry(call, place))
                .collect(),
            languages: languages(call),
            flash: flash
                .map(|flash| FlashNote { kind: flash.kind, text: call.text(&flash.key) })
                .into_iter()
                .collect(),
            unread: call.who.as_ref().map(|who| crate::notices::short(who.unread)).unwrap_or_default(),
            bell: call.who.as_ref().map(|who| crate::notices::bell(call, who.unread)).unwrap_or_default(),
            search_query: crate::forms::Form::parse(call.request.query_string().as_bytes())
                .get("q")
                .to_owned(),
            home_href: "/",
            search_href: if call.who.as_ref().is_some_and(Visitor::only_works) { "" } else { "/search" },
            help_href: "/help",
            keys_href: "/help#keys",
            accessibility_href: "/accessibility",
            preferences_href: "/me/preferences",
            sign_out_href: "/sign-out",
        }
    }
}

/// A page of the product, as the search finds it.
pub(crate) struct Page {
    /// The key of its name.
    pub(crate) text: &'static str,
    /// The key of the name of where it stands.
    pub(crate) group: &'static str,
    pub(crate) href: &'static str,
    pub(crate) icon: &'static str,
}

/// Pages that everybody has and that stand in no group.
const OTHERS: [Page; 4] = [
    Page { text: "nav-notices", group: "nav-today", href: "/notices", icon: "bell" },
    Page { text: "shell-account", group: "nav-settings", href: "/me", icon: "settings" },
    Page { text: "shell-help", group: "search-pages", href: "/help", icon: "help" },
    Page { text: "shell-accessibility", group: "search-pages", href: "/accessibility", icon: "info" },
];

/// Other words people look for a page by, in both languages; a page of its own for lists that stand in no menu.
const ALIASES: &[(&str, &str)] = &[
    ("/board", "search-words-board"),
    ("/deals", "search-words-deals"),
    ("/leads", "search-words-leads"),
    ("/companies", "search-words-companies"),
    ("/imports", "search-words-imports"),
    ("/views", "search-words-views"),
    ("/bulk-edits", "search-words-bulk-edits"),
    ("/orders", "search-words-orders"),
    ("/offers", "search-words-offers"),
    ("/my-units", "search-words-units"),
    ("/my-pay", "search-words-pay"),
    ("/figures", "search-words-figures"),
    ("/members", "search-words-members"),
    ("/me", "search-words-me"),
];

/// The key of the other words for the page at `href`.
pub(crate) fn aliases(href: &str) -> Option<&'static str> {
    ALIASES.iter().find(|(page, _)| *page == href).map(|(_, key)| *key)
}

/// Every page this reader may open, in the order of the navigation; then what can be added.
pub(crate) fn pages(call: &Call) -> impl Iterator<Item = Page> {
    let roles: Vec<Role> = call.who.iter().flat_map(|who| who.roles.iter().copied()).collect();
    let page =
        |place: &'static Place, group| Page { text: place.text, group, href: place.href, icon: place.icon };
    let seen = roles.clone();
    let places = PLACES.iter().chain(LISTS).filter(move |place| visible(call, place, &seen));
    let addable = ADDABLE.iter().filter(move |place| place.roles.any_of(roles.iter().copied()));
    let added = addable.map(move |place| page(place, "shell-add"));
    places.map(move |place| page(place, place.group)).chain(OTHERS).chain(added)
}

fn visible(call: &Call, place: &Place, roles: &[Role]) -> bool {
    place.roles.any_of(roles.iter().copied()) && (place.href != "/sandbox" || call.app.settings.sandbox)
}

fn groups(call: &Call, roles: &[Role]) -> Vec<Group> {
    let mut groups: Vec<(&str, Group)> = Vec::new();
    for place in PLACES.iter().filter(|place| visible(call, place, roles)) {
        let item = entry(call, place);
        match groups.iter_mut().find(|(key, _)| *key == place.group) {
            Some((_, group)) => group.items.push(item),
            None => groups.push((place.group, Group { label: call.text(place.group), items: vec![item] })),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// At most four places and the menu itself.
fn bottom(call: &Call, roles: &[Role]) -> Vec<Entry> {
    let here = PLACES
        .iter()
        .filter(|place| place.bottom.any_of(roles.iter().copied()) && visible(call, place, roles));
    here.take(4).map(|place| entry(call, place)).collect()
}

fn entry(call: &Call, place: &Place) -> Entry {
    let path = call.request.path();
    let current = if place.href == "/" {
        path == "/"
    } else {
        path == place.href || path.starts_with(&format!("{}/", place.href))
    };
    Entry { label: call.text(place.text), href: place.href, icon: place.icon, current, badge: String::new() }
}

fn languages(call: &Call) -> Vec<LanguageLink> {
    // The page of a refused form has only its form's address.
    let path = call.request.path();
    let here = if path.starts_with("/delivery/") { "/delivery" } else { path };
    let link = |lang: Language, label| LanguageLink {
        lang,
        label,
        href: format!("/language/{lang}?back={here}"),
        current: call.language == lang,
    };
    vec![link(Language::Ja, "日本語"), link(Language::En, "English")]
}
