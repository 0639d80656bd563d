//! The product's words in Japanese and English: Fluent files beside the templates, embedded.
//!
//! Invariant: both languages have the same keys with the same variables (test below).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use chrono::Datelike as _;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use kernel::{Bound, FieldProblem, Language};
use minijinja::value::Kwargs;
use minijinja::{Error, ErrorKind, State};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

use crate::format;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/templates"]
#[include = "*.ftl"]
struct Files;

/// All texts, by language; those of a language are read when somebody first speaks it.
pub(crate) struct Texts {
    bundles: HashMap<Language, OnceLock<FluentBundle<FluentResource>>>,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Texts")
    }
}

impl Texts {
    /// Every `texts.LANGUAGE.ftl` of the templates folder.
    pub(crate) fn load() -> Self {
        Self { bundles: Language::ALL.iter().map(|language| (*language, OnceLock::new())).collect() }
    }

    /// The text of `key`; the key itself in brackets where there is none, so that a gap is seen and not hidden.
    pub(crate) fn get(&self, language: Language, key: &str, args: &FluentArgs<'_>) -> String {
        self.find(language, key, args).unwrap_or_else(|| {
            log::error!("no text for {key} in {language}");
            format!("[{key}]")
        })
    }

    /// The text of a key without variables.
    pub(crate) fn plain(&self, language: Language, key: &str) -> String {
        self.get(language, key, &FluentArgs::new())
    }

    /// The sentence for one field's problem, its bound as the reader writes numbers and days.
    pub(crate) fn of_problem(&self, language: Language, problem: &FieldProblem) -> String {
        let mut args = FluentArgs::new();
        let Some(bound) = problem.bound else {
            return self.get(language, &format!("error-{}", problem.code), &args);
        };
        // A year is no quantity: nobody writes 2,999 for one.
        let is_year = problem.field.ends_with("year");
        let number = |number: i64| if is_year { number.to_string() } else { format::count(number) };
        let (said, kind) = match bound {
            Bound::Number(most) => (number(most), "bound"),
            Bound::Least(least) => (number(least), "least"),
            // Nobody takes a day of another century for one of this year.
            Bound::Day(day) if day.year() < 2000 => (format::plain_date(language, day), "bound"),
            Bound::Day(day) => (format::short_date(language, day), "bound"),
        };
        args.set("bound", said);
        self.get(language, &format!("error-{}-{kind}", problem.code), &args)
    }

    /// The text of a key that was made out of a stored word, if there is one.
    pub(crate) fn known(&self, language: Language, key: &str) -> Option<String> {
        self.find(language, key, &FluentArgs::new())
    }

    fn find(&self, language: Language, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let bundle = self.bundles.get(&language)?.get_or_init(|| bundle(language));
        let pattern = bundle.get_message(key)?.value()?;
        let mut problems = Vec::new();
        let args: FluentArgs<'_> =
            args.iter().map(|(name, value)| (name.to_owned(), counted(name, value))).collect();
        let text = bundle.format_pattern(pattern, Some(&args), &mut problems);
        problems.is_empty().then(|| Cow::into_owned(text))
    }

    /// The templates' `t("key", name=value)`: speaks the language of `shell.lang`; a missing key or variable is an
    /// error, because a page that says "[undefined]" must not pass its test.
    pub(crate) fn template_function(
        &self,
        state: &State<'_, '_>,
        key: &str,
        kwargs: &Kwargs,
    ) -> Result<String, Error> {
        let language = state
            .lookup("shell")
            .and_then(|shell| shell.get_attr("lang").ok())
            .and_then(|lang| lang.as_str().and_then(|word| word.parse().ok()))
            .unwrap_or(Language::Ja);
        let mut args = FluentArgs::new();
        for name in kwargs.args() {
            let value: minijinja::Value = kwargs.get(name)?;
            args.set(name.to_owned(), fluent_value(&value));
        }
        self.find(language, key, &args).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidOperation,
                format!("no text {key} in {language} with these variables"),
            )
        })
    }
}

fn fluent_value(value: &minijinja::Value) -> FluentValue<'static> {
    match i64::try_from(value.clone()) {
        Ok(number) if value.is_number() => FluentValue::from(number),
        _ => FluentValue::from(value.to_string()),
    }
}

/// Variables that say how many there are.
const COUNTS: [&str; 8] = ["count", "total", "shown", "done", "most", "people", "units", "deals"];

/// A variable as texts take it: a number that was written out already still chooses between one and several, and of what is
/// counted the thousands are parted.
fn counted<'v>(name: &str, value: &FluentValue<'v>) -> FluentValue<'v> {
    match value {
        FluentValue::String(text) if text == "1" => FluentValue::from(1),
        FluentValue::Number(number) if COUNTS.contains(&name) && number.value >= 1000.0 => number
            .as_string()
            .parse()
            .map_or_else(|_fraction| value.clone(), |whole| format::count(whole).into()),
        _ => value.clone(),
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let locale: LanguageIdentifier = language.as_str().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Directional isolates would stand as invisible characters in attributes, titles and mail subjects.
    bundle.set_use_isolating(false);
    let suffix = format!("texts.{language}.ftl");
    for path in Files::iter().filter(|path| path.ends_with(&suffix)) {
        let Some(file) = Files::get(&path) else { continue };
        let text = String::from_utf8_lossy(&file.data).into_owned();
        match FluentResource::try_new(text) {
            Ok(resource) => {
                if let Err(errors) = bundle.add_resource(resource) {
                    log::error!("{path}: {errors:?}");
                }
            }
            Err((_, errors)) => log::error!("{path}: {errors:?}"),
        }
    }
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use fluent_bundle::FluentResource;
    use kernel::{Code, Language};

    use super::*;

    /// Words of which English has another for one.
    const PLURALS: [&str; 27] = [
        "units",
        "rows",
        "people",
        "companies",
        "deals",
        "orders",
        "leads",
        "contacts",
        "days",
        "weeks",
        "months",
        "hours",
        "minutes",
        "items",
        "parts",
        "stages",
        "targets",
        "seats",
        "characters",
        "tasks",
        "mails",
        "files",
        "tenths",
        "tries",
        "jobs",
        "skills",
        "questions",
    ];

    /// Texts whose number is never one, or is followed by a word that does not belong to it.
    const NEVER_ONE: [&str; 4] =
        ["deal-win-answer", "import-file-support", "sampling-words-some", "sampling-words-worst"];

    #[test]
    fn english_has_a_word_of_its_own_for_one() {
        for path in Files::iter().filter(|path| path.ends_with("texts.en.ftl")) {
            let text = String::from_utf8(Files::get(&path).unwrap().data.into_owned()).unwrap();
            for line in text.lines().filter(|line| !line.trim_start().starts_with(['*', '['])) {
                let key = line.split(" =").next().unwrap_or_default();
                let plural = line.split(" } ").skip(1).find_map(|rest| {
                    let word: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
                    PLURALS.contains(&word.as_str()).then_some(word)
                });
                assert!(plural.is_none() || NEVER_ONE.contains(&key), "{path}: {line}");
            }
        }
    }

    #[test]
    fn one_is_one_however_it_was_written_and_thousands_are_parted() {
        let texts = Texts::load();
        let said = |value: FluentValue<'static>| {
            let args: FluentArgs<'_> = [("count", value)].into_iter().collect();
            texts.get(Language::En, "import-rows-read", &args)
        };
        assert_eq!(said("1".into()), "1 row");
        assert_eq!(said(1.into()), "1 row");
        assert_eq!(said("2".into()), "2 rows");
        assert_eq!(said(9696.into()), "9,696 rows");
    }

    /// Key → variables, over all files of a language; fails on a file Fluent cannot read and on a key said twice.
    fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let mut keys = BTreeMap::new();
        for path in Files::iter().filter(|path| path.ends_with(&format!("texts.{language}.ftl"))) {
            let text = String::from_utf8(Files::get(&path).unwrap().data.into_owned()).unwrap();
            FluentResource::try_new(text.clone()).unwrap_or_else(|(_, errors)| panic!("{path}: {errors:?}"));
            let mut current = String::new();
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                if let Some((key, _)) = line.split_once(" =")
                    && key.starts_with(|first: char| first.is_ascii_lowercase())
                {
                    current = key.to_owned();
                    let before = keys.insert(current.clone(), BTreeSet::new());
                    assert!(before.is_none(), "{path}: {current} is there twice");
                }
                for variable in line.split('$').skip(1) {
                    let name: String =
                        variable.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                    keys.entry(current.clone()).or_default().insert(name);
                }
            }
        }
        keys
    }

    #[test]
    fn both_languages_have_the_same_keys_and_variables() {
        let (ja, en) = (keys(Language::Ja), keys(Language::En));
        let only = |a: &BTreeMap<String, BTreeSet<String>>, b: &BTreeMap<String, BTreeSet<String>>| {
            a.keys().filter(|key| !b.contains_key(*key)).cloned().collect::<Vec<_>>()
        };
        assert_eq!(only(&ja, &en), [] as [String; 0], "only in Japanese");
        assert_eq!(only(&en, &ja), [] as [String; 0], "only in English");
        for (key, variables) in &ja {
            assert_eq!(variables, &en[key], "variables of {key}");
        }
    }

    #[test]
    fn bounds_are_said_as_the_reader_writes_them() {
        let texts = Texts::load();
        let said = |language, code, bound: Bound| {
            texts.of_problem(language, &FieldProblem::bounded("pay_on", code, bound))
        };
        let day = Bound::from("2026-11-22".parse::<chrono::NaiveDate>().unwrap());
        assert_eq!(said(Language::Ja, Code::TooLate, day), "11月22日(日)までの日付にしてください");
        assert_eq!(said(Language::En, Code::TooLate, day), "Please choose Sun 22 Nov or an earlier day");
        let old = Bound::from("1989-12-31".parse::<chrono::NaiveDate>().unwrap());
        assert_eq!(said(Language::Ja, Code::NotLater, old), "1989年12月31日より後の日付にしてください");
        assert_eq!(said(Language::En, Code::NotLater, old), "Please choose a day after 31 Dec 1989");
        assert_eq!(said(Language::Ja, Code::TooLong, 4000.into()), "4,000文字以内で入力してください");
        let year = FieldProblem::bounded("fiscal_year", Code::OutOfRange, 2_999_i64);
        assert_eq!(texts.of_problem(Language::Ja, &year), "2999以下の数を入力してください");
    }

    #[test]
    fn every_error_code_has_its_sentence() {
        let keys = keys(Language::Ja);
        for code in Code::ALL {
            assert!(keys.contains_key(&format!("error-{code}")), "error-{code}");
        }
    }
}
