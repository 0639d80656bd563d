//! What a browser calls itself, in words people know: `Safari（iPhone）`.

use kernel::Language;

/// Marks of browsers, the most particular first: nearly all of them call themselves Safari as well.
const BROWSERS: [(&str, &str); 12] = [
    ("Line/", "LINE"),
    ("YJApp", "Yahoo! JAPAN"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Marks of devices, the most particular first.
const DEVICES: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
];

/// Browser and device behind a User-Agent header; where neither is known, words that say so.
pub fn browser_name(language: Language, user_agent: &str) -> String {
    let known = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (known(&BROWSERS), known(&DEVICES), language) {
        (Some(browser), Some(device), Language::Ja) => format!("{browser}（{device}）"),
        (Some(browser), Some(device), Language::En) => format!("{browser} on {device}"),
        (Some(one), None, _) | (None, Some(one), _) => one.to_owned(),
        (None, None, Language::Ja) => "種類の分からない端末".to_owned(),
        (None, None, Language::En) => "a device of unknown kind".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_names_they_know_and_never_a_header() {
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
            Version/18.1 Mobile/15E148 Safari/604.1";
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 \
            Safari/537.36 Edg/131.0.0.0";
        assert_eq!(browser_name(Language::Ja, iphone), "Safari（iPhone）");
        assert_eq!(browser_name(Language::En, iphone), "Safari on iPhone");
        assert_eq!(browser_name(Language::Ja, edge), "Edge（Windows）");
        assert_eq!(browser_name(Language::Ja, "curl/8.5.0"), "種類の分からない端末");
        assert_eq!(browser_name(Language::En, ""), "a device of unknown kind");
    }
}
