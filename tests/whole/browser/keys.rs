//! A person who has a keyboard and nothing else: everything is reached by Tab, and nothing is done but by pressing keys.

use std::path::Path;

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use serde_json::{Value, json};

use super::driver::Scripts;
use super::hand::Hand;

const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
const CONTROL: char = '\u{e009}';
const LEFT: char = '\u{e012}';
const RIGHT: char = '\u{e014}';
const DOWN: char = '\u{e015}';
const DELETE: char = '\u{e017}';

/// More stops than any page has.
const MOST_STOPS: usize = 400;

/// What an element says to whoever sees or hears it.
const SAYS: &str = "const says = (one) => {
    const text = one.tagName === 'SELECT' ? one.selectedOptions[0]?.textContent ?? '' : one.textContent;
    return text.trim().replace(/\\s+/g, ' ') || (one.querySelector('[aria-label]')?.getAttribute('aria-label') ?? '');
};";

/// What of an element a person sees or hears.
const SEEN: &str = "const seen = (one) => {
    const box = one.getBoundingClientRect();
    return { tag: one.tagName, name: one.name ?? '', type: one.type ?? '', value: one.value ?? '', checked: !!one.checked,
        text: says(one), label: one.labels?.[0] ? says(one.labels[0]) : '', href: one.getAttribute('href') ?? '',
        seen: box.width > 0 && box.height > 0 };
};";

/// Where Tab seems to lead from here on, one press after the other; of round buttons that belong together, to one.
const AHEAD: &str = "const here = document.activeElement;
    const after = Node.DOCUMENT_POSITION_FOLLOWING;
    const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter((one) =>
        one.tabIndex >= 0 && !one.disabled && one.type !== 'hidden' && one.checkVisibility({ visibilityProperty: true })
        && (here === document.body || here.compareDocumentPosition(one) & after));
    const round = new Set();
    return stops.filter((one) => {
        if (one.type !== 'radio') { return true; }
        const together = [...document.getElementsByName(one.name)];
        const is_stop = one.checked || (!together.some((other) => other.checked) && !round.has(one.name));
        round.add(one.name);
        return is_stop && !together.includes(here);
    }).map(seen)";

impl Hand<'_> {
    /// Presses these keys one after the other.
    fn keys(&self, keys: &str) {
        let pressed = keys.chars().fold(KeyActions::new("keys".to_owned()), |keys, value| {
            keys.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        self.perform(pressed);
    }

    /// What has the focus.
    fn focused(&self) -> Value {
        self.run(&format!("{SAYS}{SEEN} return seen(document.activeElement)"))
    }

    /// Presses Tab as often as it looks like being needed, in one go: where that leads is seen by whoever goes on.
    fn tab_ahead(&self, is_it: impl Fn(&Value) -> bool) {
        let ahead = self.run(&format!("{SAYS}{SEEN}{AHEAD}"));
        let presses =
            ahead.as_array().and_then(|stops| stops.iter().position(is_it)).map_or(0, |stop| stop + 1);
        if presses > 0 {
            self.keys(&TAB.to_string().repeat(presses));
        }
    }

    /// Presses Tab until what has the focus is what was looked for.
    fn tab_until(&self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        self.until_there(what);
        self.tab_on(what, is_it)
    }

    /// The same, where it is known to be on the page.
    fn tab_on(&self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        if !is_it(&self.focused()) {
            self.tab_ahead(&is_it);
        }
        let mut passed = Vec::new();
        for _stop in 0..MOST_STOPS {
            let found = self.focused();
            if is_it(&found) {
                assert_eq!(found["seen"], true, "{what} has the focus and is nowhere to be seen: {found}");
                return found;
            }
            passed.push(format!("{} {}{}", found["tag"], found["text"], found["name"]));
            self.keys(&TAB.to_string());
        }
        panic!("no Tab leads to {what} at {} ({}):\n{}", self.path(), self.picture(), passed.join("\n"));
    }

    /// The page has come that holds it: a press may be answered a moment later.
    fn until_there(&self, what: &str) {
        let quoted = what.replace('"', "");
        let script = format!(
            "{SAYS} const words = {};
             return [...document.querySelectorAll('a, button, summary, [name]')].some((one) =>
                 one.name === words || says(one).includes(words))",
            json!(quoted)
        );
        self.until(&format!("{what} is nowhere on the page"), || (self.run(&script) == true).then_some(()));
    }

    /// Goes to the link, button or menu that says `words`, exactly or to begin with, and presses Enter on it.
    pub(super) fn enter(&self, words: &str) {
        let says = |found: &Value, exactly: bool| {
            let is_pressable = ["A", "BUTTON", "SUMMARY"].iter().any(|tag| found["tag"] == *tag);
            let text = found["text"].as_str().unwrap_or_default();
            is_pressable && if exactly { text == words } else { text.starts_with(words) }
        };
        let exists = self.says_exactly_somewhere(words);
        self.tab_on(words, |found| says(found, exists));
        self.keys(&ENTER.to_string());
    }

    /// Whether something to press says exactly `words`; it is meant then, and not what only begins so.
    fn says_exactly_somewhere(&self, words: &str) -> bool {
        self.until_there(words);
        let script = format!(
            "{SAYS} return [...document.querySelectorAll('a, button, summary')].some((one) =>
                 says(one) === {} && one.checkVisibility())",
            json!(words)
        );
        self.run(&script) == true
    }

    /// Whoever has no script begins each page at its top: the first stop is the way past the menus.
    pub(super) fn past_the_menus(&self) {
        if self.scripts() == Scripts::Off {
            self.enter("本文へ移動");
        }
    }

    /// Goes to a path that says `words`, and past its menus.
    pub(super) fn goes_to(&self, path: &str, words: &str) {
        self.open(path);
        self.see(words);
        self.past_the_menus();
    }

    /// Opens the page's own menu, the last that is reached before the content, and takes what says `words`.
    pub(super) fn enter_in_menu(&self, words: &str) {
        self.enter("ほかの操作");
        self.enter(words);
    }

    /// The link to `href` is reached and followed.
    pub(super) fn follow(&self, href: &str) {
        let script = format!("return !!document.querySelector('a[href={}]')", json!(href));
        self.until(&format!("nothing leads to {href}"), || (self.run(&script) == true).then_some(()));
        self.tab_on(href, |found| found["href"] == href);
        self.keys(&ENTER.to_string());
    }

    /// Types into the field called `name`, in place of what stood there; of a date, its parts as they stand on the screen.
    pub(super) fn key_in(&self, name: &str, value: &str) {
        let found = self.tab_until(name, |found| found["name"] == name && found["type"] != "hidden");
        if found["type"] == "date" {
            return self.key_in_day(name, value);
        }
        self.select_all();
        self.keys(&DELETE.to_string());
        self.keys(value);
        assert_eq!(self.focused()["value"], value, "{name} takes what is typed");
    }

    fn select_all(&self) {
        let all = KeyActions::new("keys".to_owned())
            .then(KeyAction::Down { value: CONTROL })
            .then(KeyAction::Down { value: 'a' })
            .then(KeyAction::Up { value: 'a' })
            .then(KeyAction::Up { value: CONTROL });
        self.perform(all);
    }

    /// Which part of a day stands first depends on the system's language.
    fn key_in_day(&self, name: &str, day: &str) {
        let [year, month, date] = day.split('-').collect::<Vec<_>>()[..] else { panic!("{day} is no day") };
        for parts in [[year, month, date], [month, date, year], [date, month, year]] {
            self.keys(&format!("{LEFT}{LEFT}{LEFT}"));
            for part in parts {
                self.keys(part);
                // A year may have six digits, so only it does not go on by itself.
                if part.len() == 4 {
                    self.keys(&RIGHT.to_string());
                }
            }
            if self.focused()["value"] == day {
                return;
            }
        }
        panic!("{name} does not become {day} but {} ({})", self.focused()["value"], self.picture());
    }

    /// Takes what says `words` of the list called `name`.
    pub(super) fn key_choice(&self, name: &str, words: &str) {
        self.tab_until(name, |found| found["name"] == name);
        for _option in 0..30 {
            if self.focused()["text"] == words {
                return;
            }
            self.keys(&DOWN.to_string());
        }
        panic!("no arrow leads to {words} in {name} at {} ({})", self.path(), self.picture());
    }

    /// Takes the round button that says `words` of those called `name`.
    pub(super) fn key_radio(&self, name: &str, words: &str) {
        self.tab_until(name, |found| found["name"] == name && found["type"] == "radio");
        for _option in 0..12 {
            let found = self.focused();
            if found["label"] == words {
                if found["checked"] == false {
                    self.keys(" ");
                }
                assert_eq!(self.focused()["checked"], true, "{words} is chosen");
                return;
            }
            self.keys(&DOWN.to_string());
        }
        panic!("no arrow leads to {words} in {name} at {} ({})", self.path(), self.picture());
    }

    /// Ticks the box that says `words` of those called `name`.
    pub(super) fn key_tick(&self, name: &str, words: &str) {
        let says = |found: &Value| found["label"].as_str().is_some_and(|label| label.starts_with(words));
        let found =
            self.tab_until(name, |found| found["name"] == name && found["type"] == "checkbox" && says(found));
        if found["checked"] == false {
            self.keys(" ");
        }
        assert_eq!(self.focused()["checked"], true, "{words} is ticked");
    }

    /// Goes to the file field called `name`; which file is the system's own window's concern.
    pub(super) fn key_file(&self, name: &str, file: &Path) {
        self.tab_until(name, |found| found["name"] == name && found["type"] == "file");
        self.attach(name, file);
    }
}
