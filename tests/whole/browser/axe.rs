//! axe-core, with every rule that WCAG 2.2 A and AA and its best practices have.

use std::path::Path;

use serde_json::Value;

use super::hand::Hand;

const RULES: &str =
    "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice', 'experimental']";

fn source() -> String {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/web/assets");
    let path = assets.join("node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(path).expect("axe-core is missing: `make assets` fetches it")
}

/// Lets every page that the window opens from now on bring axe along, for walks of hundreds of pages.
pub(super) fn comes_along(hand: &Hand<'_>) {
    hand.brings_along(&source());
}

/// Fails with everything that is found on the page that the window shows.
pub(super) fn finds_nothing(hand: &Hand<'_>) {
    let found = findings(hand);
    assert!(found.is_empty(), "axe at {} ({}):\n{}", hand.path(), hand.picture(), found.join("\n"));
}

/// What axe finds on the page that the window shows, and whether it scrolls sideways, its filters closed or open.
pub(super) fn findings(hand: &Hand<'_>) -> Vec<String> {
    // What lies half under the bar that stays on top would be called too small to press.
    let script = format!(
        "const done = arguments[arguments.length - 1];
         if (typeof axe !== 'object') {{ done(null); return; }}
         scrollTo({{ top: 0, behavior: 'instant' }});
         const page = document.documentElement;
         const sideways = page.scrollWidth - page.clientWidth;
         const wide = sideways === 0 ? [] : ['it scrolls sideways by ' + sideways + ' px'];
         for (const menu of document.querySelectorAll('.filters details:not([open])')) {{
             menu.open = true;
             const more = page.scrollWidth - page.clientWidth - sideways;
             if (more > 0) wide.push('it scrolls sideways by ' + more + ' px while open: ' + menu.textContent.trim());
             menu.open = false;
         }}
         axe.run(document, {{ runOnly: {RULES}, resultTypes: ['violations'] }}).then(
             (found) => done(found.violations.map((one) =>
                 one.id + ': ' + one.help + ' ' + one.nodes.map((node) => node.html).join(' | ')).concat(wide)),
             (error) => done([String(error)]))"
    );
    let found = hand.while_scripts_may_run(|| match hand.run_later(&script) {
        // A window that was told of it brings it along with every page.
        Value::Null => {
            hand.run_kept(&source());
            hand.run_later(&script)
        }
        found => found,
    });
    found.as_array().unwrap().iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
