//! A browser and a system by the names people know them by, from what a browser calls itself. The whole line is for
//! programs: nobody recognises their telephone in it.

/// Browsers, the ones that claim to be another first.
const BROWSERS: [(&str, &str); 5] = [
    ("Edg", "Edge"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
];
/// Systems, likewise.
const SYSTEMS: [(&str, &str); 6] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
];

/// `Chrome · Android`; only what is known of the two, nothing where neither is.
pub(crate) fn name(user_agent: &str) -> String {
    let first = |list: &[(&str, &'static str)]| {
        list.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let safari = (user_agent.contains("Safari/") && user_agent.contains("Version/")).then_some("Safari");
    [first(&BROWSERS).or(safari), first(&SYSTEMS)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn the_usual_browsers_are_known_by_their_names() {
        let chrome = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36";
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0";
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";
        assert_eq!(
            [chrome, safari, edge, firefox, "curl/8.5"].map(name),
            ["Chrome · Android", "Safari · iPhone", "Edge · Windows", "Firefox · Linux", ""]
        );
    }
}
