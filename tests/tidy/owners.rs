//! Every table has one owner, and nobody else's SQL names it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::rust_text::RustText;
use super::sources::{crates, files, root, rust_of};

/// Table → the crate whose section of `diesel.toml` claims it.
pub(crate) fn owners() -> BTreeMap<String, String> {
    let mut owners = BTreeMap::new();
    let mut krate = String::new();
    for line in std::fs::read_to_string(root().join("diesel.toml")).unwrap().lines() {
        if let Some(section) = line.strip_prefix("[print_schema.") {
            section.trim_end_matches(']').clone_into(&mut krate);
        }
        if line.starts_with("filter") {
            for table in line.split("\"^").skip(1) {
                let table = table.split("$\"").next().unwrap().to_owned();
                let before = owners.insert(table.clone(), krate.clone());
                assert_eq!(before, None, "{table} is claimed twice");
            }
        }
    }
    owners
}

/// The tables that the migrations make and keep; a partition is its parent's.
fn created() -> Vec<String> {
    let mut tables = BTreeSet::new();
    for path in files(&root().join("migrations"), "sql").iter().filter(|path| path.ends_with("up.sql")) {
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let name = |rest: &str| rest.split([' ', '(', ';']).next().unwrap().to_owned();
            if let Some(rest) =
                line.strip_prefix("CREATE TABLE ").filter(|rest| !rest.contains(" PARTITION OF "))
            {
                assert!(tables.insert(name(rest)), "{rest}: made twice");
            }
            if let Some(rest) = line.strip_prefix("DROP TABLE ") {
                assert!(tables.remove(&name(rest)), "{rest}: dropped and never made");
            }
        }
    }
    tables.into_iter().collect()
}

#[test]
fn each_table_has_one_owner() {
    let owners = owners();
    assert_eq!(created(), owners.keys().cloned().collect::<Vec<_>>());
    for (table, krate) in &owners {
        let schema =
            std::fs::read_to_string(root().join("crates").join(krate).join("src/schema.rs")).unwrap();
        assert!(schema.contains(&format!("    {table} (")), "{krate}/src/schema.rs lacks {table}");
    }
    for krate in crates() {
        let path = root().join("crates").join(&krate).join("src/schema.rs");
        let Ok(schema) = std::fs::read_to_string(path) else { continue };
        for line in schema.lines().filter(|line| line.starts_with("    ") && line.ends_with(") {")) {
            let table = line.trim().split(' ').next().unwrap();
            assert_eq!(owners.get(table), Some(&krate), "{krate} declares {table}");
        }
    }
}

/// String literals of a source text that read like SQL.
pub(super) fn sql_texts(source: &str) -> Vec<String> {
    let verbs = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "FROM ", "JOIN "];
    let literals = RustText::of(source).strings.into_iter();
    literals.filter(|text| verbs.iter().any(|verb| text.contains(verb))).collect()
}

/// The names of modules that exist only in tests.
pub(super) fn test_modules(sources: &[(PathBuf, String)]) -> BTreeSet<String> {
    let declared = sources.iter().flat_map(|(_, text)| text.split("#[cfg(test)]\n").skip(1));
    let names = declared.filter_map(|rest| {
        rest.lines().next()?.trim_start_matches("pub(crate) ").strip_prefix("mod ")?.strip_suffix(';')
    });
    names.map(str::to_owned).collect()
}

fn words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'))
}

#[test]
fn sql_names_only_own_tables() {
    let owners = owners();
    for krate in crates() {
        let sources = rust_of(&krate);
        let only_for_tests = test_modules(&sources);
        for (path, text) in &sources {
            // Test databases are arranged by the owner of all tables.
            let in_tests = path
                .iter()
                .any(|part| only_for_tests.contains(part.to_string_lossy().trim_end_matches(".rs")));
            if path.ends_with("db/src/testing.rs") || in_tests {
                continue;
            }
            let production = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            for sql in sql_texts(production) {
                for word in words(&sql) {
                    if let Some(owner) = owners.get(word) {
                        assert_eq!(
                            owner,
                            &krate,
                            "{} names {word}, which belongs to {owner}",
                            path.display()
                        );
                    }
                }
            }
        }
    }
}

/// Whether a name means an amount of money.
fn is_money(name: &str) -> bool {
    ["yen", "price", "amount", "subtotal", "tax", "pay"]
        .iter()
        .any(|word| name.strip_suffix(word).is_some_and(|before| before.is_empty() || before.ends_with('_')))
}

/// The type at the beginning of `code`, up to what ends it outside all brackets.
fn type_at(code: &str) -> &str {
    let mut depth = 0;
    let end = code.find(|one: char| {
        match one {
            '<' | '(' | '[' => depth += 1,
            '>' | ')' | ']' => depth -= 1,
            _ => {}
        }
        depth < 0 || (depth == 0 && matches!(one, ',' | ';' | '=' | '{' | '}'))
    });
    &code[..end.unwrap_or(code.len())]
}

/// What is declared as a float though its name means money, however deep inside the type the float stands.
fn floats_for_money(source: &str) -> Vec<String> {
    let code = RustText::of(source).code;
    let fields = code.match_indices(": ").map(|(at, colon)| (&code[..at], &code[at + colon.len()..]));
    let results = code.split("fn ").skip(1).filter_map(|function| {
        let signature = function.split(['{', ';']).next()?;
        let (arguments, result) = signature.split_once("->")?;
        Some((arguments.split(['(', '<']).next()?, result))
    });
    let declared = fields.chain(results).map(|(before, kind)| {
        let name = before.rsplit(|one: char| !(one.is_alphanumeric() || one == '_')).next();
        (name.unwrap_or_default(), type_at(kind))
    });
    let floats = declared
        .filter(|(name, kind)| is_money(name) && words(kind).any(|word| word == "f64" || word == "f32"));
    floats.map(|(name, kind)| format!("{name}: {kind}")).collect()
}

#[test]
fn no_floats_for_money() {
    for krate in crates() {
        for (path, text) in rust_of(&krate) {
            assert_eq!(floats_for_money(&text), Vec::<String>::new(), "{}", path.display());
        }
    }
}

#[test]
fn a_float_for_money_is_seen_wherever_it_hides() {
    for source in [
        "struct Line { amount: f64 }",
        "fn f(unit_price: Option<f64>, n: u8) {}",
        "let tax: Vec<Option<f32>> = vec![];",
        "pub subtotal: std::option::Option<f64>,",
        "let by_worker_pay: BTreeMap<String, f64> = x;",
        "fn unit_pay(hours: u8) -> Option<f64> {}",
    ] {
        assert_eq!(floats_for_money(source).len(), 1, "{source}");
    }
    for source in [
        "struct Line { amount: Yen, weight: f64 }",
        "// amount: f64",
        "let text = \"amount: f64\";",
        "fn f(price: Yen, share: f64) {}",
        "fn pay(hours: u8) -> Yen { share as f64 }",
    ] {
        assert_eq!(floats_for_money(source), Vec::<String>::new(), "{source}");
    }
}
