//! The two languages of pages and mails.

use crate::text_enum;

text_enum!(
    /// A person's language; Japanese unless they chose otherwise.
    Language {
        /// 日本語
        Ja = "ja",
        /// English
        En = "en",
    }
);

impl Language {
    /// The first of a browser's `Accept-Language` list that we speak; Japanese where none is.
    pub fn from_accept_header(header: &str) -> Self {
        header
            .split(',')
            .filter_map(|entry| entry.split(';').next())
            .filter_map(|tag| tag.trim().get(..2))
            .find_map(|tag| tag.to_ascii_lowercase().parse().ok())
            .unwrap_or(Self::Ja)
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_first_known_language_of_the_header_counts() {
        assert_eq!(Language::from_accept_header("fr-FR,fr;q=0.9,en;q=0.8"), Language::En);
        assert_eq!(Language::from_accept_header("ja,en-US;q=0.7"), Language::Ja);
        assert_eq!(Language::from_accept_header("*"), Language::Ja);
        assert_eq!(Language::from_accept_header("日本"), Language::Ja);
    }
}
