//! Every page that people reach by following links, on a phone 360 px wide, in both languages: axe finds nothing,
//! nothing scrolls sideways, and none weighs more than 40 kB. Pages with an id are opened once for each route, by the
//! first link to one. Where what was opened leads to no page of some route, other pages of the same routes are looked
//! through for a link that does.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, channel};

use accounts::Role;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use web::{Access, ROUTES};

use super::axe;
use super::driver::{Driver, Screen, Scripts};
use super::hand::Hand;
use crate::whole::world::{Person, SignIn, World};

/// Who looks, so that every page is somebody's.
const ROLES: [(&str, Role); 4] = [
    ("admin", Role::Admin),
    ("coordinator", Role::Coordinator),
    ("sales", Role::Sales),
    ("officer", Role::Officer),
];

/// Where somebody begins who has no account.
const OUTSIDE: [&str; 3] =
    ["/t/demo/sign-in", "/t/demo/inquiry", "/t/demo/inquiry/received?number=1&answer-by=2026-12-01"];

/// What a page may weigh, in bytes as a browser fetches it: a phone on a weak line waits for every one.
const HEAVIEST: usize = 40_000;
/// The API's reference names every operation on one page, for programmers at a desk.
const HEAVIEST_REFERENCE: usize = 60_000;

/// How many other pages of a route are looked through for links.
const SPARE: usize = 30;

/// Pages that no link of anybody leads to, each with the reason.
const UNLINKED: &[(&str, &str)] = &[
    ("/webhooks/{id}", "no program is told of what happens in the demo town"),
    ("/advice/{id}/findings", "the address of a refused form, which leads back to its session"),
    ("/advice/{id}/hold", "the address of a refused form, which leads back to its session"),
    ("/advice/{id}/report", "the address of a refused form, which leads back to its session"),
    ("/coachings/{id}", "nothing in the demo town has gone back so often"),
    (
        "/my-endings/{id}",
        "its link is in the mail that gives notice, and nobody in the demo town was given any",
    ),
    ("/my-units/{unit}/appeal", "offered where this worker's unit was refused, and none was"),
    ("/my-units/{unit}/deadline", "offered where a deadline has moved, and none of this worker's has"),
    ("/orders/{id}/close", "offered where all that came was accepted and pieces are missing still"),
    ("/setup", "closed once a town has somebody who can sign in"),
];

#[test]
fn every_page_is_for_everyone_on_a_phone() {
    let world = World::shared();
    let driver = Driver::start(Scripts::On);
    let mut people: Vec<(SignIn, Role)> =
        ROLES.iter().map(|(name, role)| (world.newcomer(name), *role)).collect();
    people.push((world.sign_in("worker3").clone(), Role::Worker));
    let mut seen = BTreeSet::new();
    let shared = shared_order(world);
    let (found, again) = channel::<(&SignIn, Vec<String>)>();
    let hand = phone(&driver, "phone", world);
    let mut wrong = std::thread::scope(|scope| {
        let in_english = scope.spawn(|| goes_again_in_english(world, again));
        let mut wrong = Vec::new();
        for (who, role) in &people {
            let person = speaks(world, who, "ja");
            hand.is_handed_on();
            hand.sign_in_unseen(who);
            // Of all orders one is looked at that says most of how it is split.
            let begin = if *role == Role::Admin { vec![shared.as_str(), "/"] } else { vec!["/"] };
            let mut walk = Walk::new(&hand, &person, Some(*role), &begin);
            // Everybody's home is their own.
            seen.remove("/");
            walk.goes(&mut seen);
            wrong.append(&mut walk.wrong);
            found.send((who, walk.opened)).unwrap();
        }
        drop(found);
        wrong.append(&mut in_english.join().unwrap());
        wrong
    });
    hand.is_handed_on();
    let guest = world.guest();
    let mut walk = Walk::new(&hand, &guest, None, &OUTSIDE);
    hand.open("/language/ja");
    walk.goes(&mut seen);
    hand.open("/language/en");
    wrong.append(&mut walk.wrong);
    for path in &walk.opened {
        hand.open(path);
        wrong.extend(looked_at(&hand, path, "en"));
    }
    let unseen: BTreeSet<&str> = ROUTES
        .iter()
        .filter(|route| is_page(route))
        .map(|route| route.path)
        .filter(|path| !seen.contains(path))
        .collect();
    let named: BTreeSet<&str> = UNLINKED.iter().map(|(path, _reason)| *path).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(unseen, named, "what no link of anybody leads to, and what is said to be so");
}

/// The page of a running order of which a partner town does a part and others are not split yet.
fn shared_order(world: &World) -> String {
    let found: Found = diesel::sql_query(
        "SELECT min(o.id) AS id FROM orders o JOIN shares s ON s.organization_id = o.organization_id AND s.order_id = o.id \
         WHERE o.state = 'running' AND s.side = 'out' AND s.state IN ('offered', 'accepted') AND s.accepted < s.quantity \
             AND o.organization_id = (SELECT min(id) FROM organizations)",
    )
    .get_result(&mut world.owner())
    .unwrap();
    format!("/orders/{}", found.id.expect("the demo town shares an order"))
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Nullable<BigInt>)]
    id: Option<i64>,
}

/// What was found for somebody is there in the other language as well; the next is looked at meanwhile.
fn goes_again_in_english(world: &World, found: Receiver<(&SignIn, Vec<String>)>) -> Vec<String> {
    let driver = Driver::beside(Scripts::On);
    let hand = phone(&driver, "english", world);
    let mut wrong = Vec::new();
    for (who, paths) in found {
        speaks(world, who, "en");
        hand.is_handed_on();
        hand.sign_in_unseen(who);
        for path in paths {
            hand.open(&path);
            wrong.extend(looked_at(&hand, &path, "en"));
        }
    }
    wrong
}

/// A window that everybody passes on to the next.
pub(super) fn phone<'d>(driver: &'d Driver, name: &str, world: &World) -> Hand<'d> {
    let hand = driver.window(name, &world.base, Screen::Phone);
    axe::comes_along(&hand);
    hand.open("/t/demo/sign-in");
    hand
}

/// What is wrong with the page that the window shows.
pub(super) fn looked_at(hand: &Hand<'_>, path: &str, language: &str) -> impl Iterator<Item = String> {
    assert_eq!(hand.attribute("html", "lang").as_deref(), Some(language), "{path}");
    let place = format!("{language} {path}");
    axe::findings(hand).into_iter().map(move |one| format!("{place}: {one}"))
}

/// Somebody who reads this language from now on.
fn speaks(world: &World, who: &SignIn, language: &str) -> Person {
    let person = world.enters(who);
    person.submit("/me", "/me/preferences", &[("lang", language), ("back", "/")]);
    person
}

/// One person's way through the pages.
struct Walk<'w, 'd> {
    hand: &'w Hand<'d>,
    /// The same person without a window, who looks through pages for links alone.
    reader: &'w Person,
    /// The routes that this person may open and that something should lead to.
    open: Vec<&'static str>,
    waiting: VecDeque<String>,
    /// Other pages of routes that were seen, in the order they were met.
    spare: BTreeMap<&'static str, VecDeque<String>>,
    read: BTreeSet<String>,
    tried: BTreeSet<String>,
    /// What was opened, in its order.
    opened: Vec<String>,
    wrong: Vec<String>,
}

impl<'w, 'd> Walk<'w, 'd> {
    fn new(hand: &'w Hand<'d>, reader: &'w Person, role: Option<Role>, begin: &[&str]) -> Self {
        let may = |route: &&web::Route| match (route.access, role) {
            (Access::Signed(roles), Some(role)) => roles.any_of([role]),
            (Access::Public, None) => true,
            _ => false,
        };
        let named = |path: &str| UNLINKED.iter().any(|(unlinked, _)| *unlinked == path);
        let pages = ROUTES.iter().filter(|route| is_page(route)).filter(may);
        Self {
            hand,
            reader,
            open: pages.map(|route| route.path).filter(|path| !named(path)).collect(),
            waiting: begin.iter().map(|path| (*path).to_owned()).collect(),
            spare: BTreeMap::new(),
            read: BTreeSet::new(),
            tried: BTreeSet::new(),
            opened: Vec::new(),
            wrong: Vec::new(),
        }
    }

    /// Opens the first page and, from there, one of every route that was not seen yet.
    fn goes(&mut self, seen: &mut BTreeSet<&'static str>) {
        loop {
            while let Some(path) = self.waiting.pop_front() {
                self.meets(&path, seen);
            }
            if self.open.iter().all(|route| seen.contains(route)) || !self.looks_further(seen) {
                return;
            }
        }
    }

    fn meets(&mut self, path: &str, seen: &mut BTreeSet<&'static str>) {
        let Some(route) = route_of(path) else { return };
        if seen.contains(route) {
            return self.keeps(route, path);
        }
        if !self.tried.insert(path.to_owned()) {
            return;
        }
        self.hand.open(path);
        if route_of(&self.hand.path()) != Some(route) {
            // What the page before was still doing may have come between.
            self.hand.open(path);
        }
        if route_of(&self.hand.path()) != Some(route) {
            // It leads elsewhere by now, as a form does of what is settled; another one may not.
            return;
        }
        seen.insert(route);
        self.wrong.extend(looked_at(self.hand, path, "ja"));
        let packed = self.reader.packed(path);
        if packed > if route == "/api" { HEAVIEST_REFERENCE } else { HEAVIEST } {
            self.wrong.push(format!("{path} is {packed} bytes on the wire"));
        }
        self.opened.push(path.to_owned());
        let links = self.hand.links();
        self.waiting.extend(links.into_iter().filter_map(|link| self.hand.path_here(&link)));
        self.looks_through(path, seen);
    }

    fn keeps(&mut self, route: &'static str, path: &str) {
        if self.read.insert(path.to_owned()) {
            let spare = self.spare.entry(route).or_default();
            if spare.len() < SPARE {
                spare.push_back(path.to_owned());
            }
        }
    }

    /// Looks through the next spare page of each route; `false` where there is none left.
    fn looks_further(&mut self, seen: &BTreeSet<&'static str>) -> bool {
        let next: Vec<String> = self.spare.values_mut().filter_map(VecDeque::pop_front).collect();
        for path in &next {
            self.looks_through(path, seen);
        }
        !next.is_empty()
    }

    /// Reads a page without opening it: links to routes that were not seen are waited for, the others are spare.
    fn looks_through(&mut self, path: &str, seen: &BTreeSet<&'static str>) {
        for link in ways_on(&self.reader.get(path).body) {
            match route_of(&link) {
                Some(route) if seen.contains(route) => self.keeps(route, &link),
                Some(_unseen) => self.waiting.push_back(link),
                None => {}
            }
        }
    }
}

/// Where a page's links lead, and its forms that ask for another page with nothing to be typed.
fn ways_on(page: &str) -> Vec<String> {
    let page = page.replace("&#x2f;", "/").replace("&amp;", "&");
    let links = page.split("href=\"/").skip(1).filter_map(|rest| rest.split(['"', '#']).next());
    let mut ways: Vec<String> = links.map(|rest| format!("/{rest}")).collect();
    for form in page.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next()) {
        let head = form.split('>').next().unwrap_or_default();
        let Some(action) = attribute(head, "action").filter(|_| head.contains("method=\"get\"")) else {
            continue;
        };
        let hidden = form.split("<input").skip(1).filter(|input| input.contains("type=\"hidden\""));
        let fields = hidden.filter_map(|input| {
            Some(format!("{}={}", attribute(input, "name")?, attribute(input, "value").unwrap_or_default()))
        });
        ways.push(format!("{action}?{}", fields.collect::<Vec<_>>().join("&")));
    }
    ways
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    tag.split(&format!("{name}=\"")).nth(1)?.split('"').next()
}

/// What a browser shows as a page; clients' links are walked by the chain.
fn is_page(route: &web::Route) -> bool {
    let leaves = [
        "/assets/{name}",
        "/files/{id}",
        "/imports/{id}/file",
        "/exports/{kind}/file",
        "/figures/{figure}/csv",
        "/language/{language}",
        "/board/live/{since}",
        "/sandbox/{id}/html",
        "/sandbox/{id}/files/{place}",
        "/favicon.ico",
        "/healthz",
        "/readyz",
        "/api/openapi.json",
    ];
    let is_for_people =
        !route.is_api() && !matches!(route.access, Access::Link | Access::OneClick | Access::Monitoring);
    route.method == "GET" && is_for_people && !leaves.contains(&route.path)
}

/// A route with the parts of its path.
type Parted = (Vec<&'static str>, &'static web::Route);

/// The routes that are read, by the number of their parts, those with fewer parameters first.
static BY_LENGTH: LazyLock<BTreeMap<usize, Vec<Parted>>> = LazyLock::new(|| {
    let mut by_length: BTreeMap<usize, Vec<Parted>> = BTreeMap::new();
    for route in ROUTES.iter().filter(|route| route.method == "GET") {
        let parts: Vec<_> = route.path.split('/').collect();
        by_length.entry(parts.len()).or_default().push((parts, route));
    }
    for routes in by_length.values_mut() {
        routes.sort_by_key(|(_, route)| route.path.matches('{').count());
    }
    by_length
});

/// The page route that a path belongs to, the one with fewer parameters first.
fn route_of(path: &str) -> Option<&'static str> {
    let asked: Vec<&str> = path.split('?').next().unwrap_or_default().split('/').collect();
    let fits = |own: &[&str]| own.iter().zip(&asked).all(|(own, asked)| own == asked || own.starts_with('{'));
    let (_, route) = BY_LENGTH.get(&asked.len())?.iter().find(|(own, _)| fits(own))?;
    is_page(route).then_some(route.path)
}
