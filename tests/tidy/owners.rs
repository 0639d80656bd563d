//! Every table has one owner, and nobody else's SQL names it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

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
fn sql_texts(source: &str) -> Vec<String> {
    let code: String =
        source.lines().map(|line| line.split("//").next().unwrap_or("").to_owned() + "\n").collect();
    let literals = code.split('"').skip(1).step_by(2).map(str::to_owned);
    let verbs = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "FROM ", "JOIN "];
    literals.filter(|text| verbs.iter().any(|verb| text.contains(verb))).collect()
}

/// The names of modules that exist only in tests.
fn test_modules(sources: &[(PathBuf, String)]) -> BTreeSet<String> {
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

#[test]
fn no_floats_for_money() {
    for krate in crates() {
        for (path, text) in rust_of(&krate) {
            for (number, line) in text.lines().enumerate() {
                let money = ["yen", "price", "amount", "subtotal", "tax", "unit_pay"]
                    .iter()
                    .any(|word| line.contains(&format!("{word}: f")));
                assert!(
                    !money || !(line.contains(": f64") || line.contains(": f32")),
                    "{}:{}",
                    path.display(),
                    number + 1
                );
            }
        }
    }
}
