//! What was found about rows, in words.

use fluent_bundle::FluentArgs;
use kernel::{Bound, Code, FieldProblem};
use sales::imports::{Field, Import, ImportKind, RowBound, RowProblem};

use crate::call::Call;
use crate::format;
use crate::phrases::said;

/// How the names of files end that can be imported.
pub(super) const ENDINGS: [&str; 3] = [".csv", ".txt", ".xlsx"];

/// Why a file of that name cannot be imported; nothing where it can.
pub(super) fn not_a_table(call: &Call, name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    if ENDINGS.iter().any(|ending| lower.ends_with(ending)) {
        return None;
    }
    let is_old = std::path::Path::new(&lower).extension().is_some_and(|ending| ending == "xls");
    let key = if is_old { "import-file-xls" } else { "import-file-kind" };
    Some(said(call, key, [("name", name)]))
}

/// What a field is called.
pub(super) fn field(call: &Call, kind: ImportKind, name: &str) -> String {
    let [own, shared] = field_keys(kind, name);
    let texts = &call.app.texts;
    texts.known(call.language, &own).unwrap_or_else(|| texts.plain(call.language, &shared))
}

/// The key of a field's name among these rows, and the one it has among all.
fn field_keys(kind: ImportKind, name: &str) -> [String; 2] {
    [format!("import-field-{kind}-{name}"), format!("import-field-{name}")].map(|key| key.replace('_', "-"))
}

/// The column a problem is in, by what stands above it in the file; by the field's own name where no column holds it.
pub(super) fn column(call: &Call, import: &Import, problem: &RowProblem) -> String {
    let named = |name: &str| {
        // A row that is wrong as a whole is in no column; the columns left out have no field either.
        if name.is_empty() {
            return None;
        }
        let place = import.columns.iter().position(|column| column == name)?;
        import.headers.get(place).filter(|header| !header.trim().is_empty()).cloned()
    };
    let known = Field::find(import.kind, &problem.field).is_some() || problem.field == "contact_id";
    match named(&problem.field) {
        Some(header) => header,
        None if known => field(call, import.kind, &problem.field),
        None => String::new(),
    }
}

/// Why a row cannot be taken over, in a sentence; `row` is all that is wrong with it.
pub(super) fn reason(call: &Call, kind: ImportKind, problem: &RowProblem, row: &[RowProblem]) -> String {
    if kind == ImportKind::Deals && is_said_before(problem, row) {
        return call.text("import-problem-deals-next-action-on-too");
    }
    let key = |words: &str| format!("import-problem-{words}").replace('_', "-");
    if let Some(RowBound::Line(line)) = problem.bound {
        let mut args = FluentArgs::new();
        args.set("line", format::count(line));
        return call.app.texts.get(call.language, &key(&problem.code), &args);
    }
    if !problem.among.is_empty() {
        let which: Vec<String> = problem.among.iter().map(|id| format!("#{id}")).collect();
        return said(call, "import-problem-several-match-of", [("which", &which.join(" "))]);
    }
    let own = [key(&format!("{kind}-{}-{}", problem.field, problem.code)), key(&problem.code)];
    if let Some(text) = own.iter().find_map(|key| call.app.texts.known(call.language, key)) {
        return text;
    }
    let Some(code) = problem.known_code() else { return problem.code.clone() };
    let bound = problem.bound.and_then(|bound| match bound {
        RowBound::Most(most) => Some(Bound::Number(most)),
        RowBound::Least(least) => Some(Bound::Least(least)),
        RowBound::Day(day) => Some(Bound::Day(day)),
        RowBound::Line(_) => None,
    });
    let problem = FieldProblem { field: problem.field.clone(), code, bound };
    call.app.texts.of_problem(call.language, &problem)
}

/// Whether a day lacks beside the action that it is for, where the advice for that is the advice for both.
fn is_said_before(problem: &RowProblem, row: &[RowProblem]) -> bool {
    let is = |one: &RowProblem, field: &str, code: Code| one.field == field && one.known_code() == Some(code);
    is(problem, "next_action_on", Code::Required)
        && row.iter().any(|one| is(one, "next_action", Code::NextActionMissing))
}

/// Every problem of a row in one line, for the file that goes back.
pub(super) fn all_in_one(call: &Call, import: &Import, problems: &[RowProblem]) -> String {
    let one = |problem: &RowProblem| {
        let (column, reason) = (column(call, import, problem), reason(call, import.kind, problem, problems));
        if column.is_empty() { reason } else { format!("{column}: {reason}") }
    };
    problems.iter().map(one).collect::<Vec<_>>().join(" / ")
}

#[cfg(test)]
mod tests {
    use kernel::Language;
    use sales::leads::LeadSource;
    use sales::stages::Requirement;

    use super::*;
    use crate::texts::Texts;

    #[test]
    fn a_way_that_no_lead_comes_by_is_answered_with_those_there_are() {
        let texts = Texts::load();
        for language in [Language::Ja, Language::En] {
            let told = texts.plain(language, "import-problem-leads-source-unknown-choice");
            for source in LeadSource::ALL {
                let word = texts.plain(language, &format!("lead-source-{source}"));
                assert!(told.contains(&word), "{language}: {word} is not named: {told}");
            }
        }
    }

    #[test]
    fn the_advice_for_an_action_without_a_day_is_given_once() {
        let problem = |field: &str, code: Code| RowProblem {
            field: field.to_owned(),
            value: String::new(),
            code: code.as_str().to_owned(),
            bound: None,
            among: Vec::new(),
        };
        let (action, day) =
            (problem("next_action", Code::NextActionMissing), problem("next_action_on", Code::Required));
        let both = [action.clone(), day.clone()];
        assert_eq!(both.each_ref().map(|one| is_said_before(one, &both)), [false, true]);
        assert!(!is_said_before(&day, std::slice::from_ref(&day)), "a day alone has its advice");
        let unread = problem("next_action_on", Code::NotADate);
        assert!(!is_said_before(&unread, &[action, unread.clone()]), "what cannot be read is named");
    }

    #[test]
    fn every_field_that_a_column_may_hold_or_a_stage_may_ask_for_has_a_name() {
        let texts = Texts::load();
        for language in [Language::Ja, Language::En] {
            for kind in ImportKind::ALL {
                let named = Field::of(*kind).iter().map(|field| field.name);
                let asked = Requirement::ALL.iter().map(|requirement| requirement.field());
                for name in named.chain(asked.filter(|_| *kind == ImportKind::Deals)) {
                    let keys = field_keys(*kind, name);
                    let is_named = keys.iter().any(|key| texts.known(language, key).is_some());
                    assert!(is_named, "{language}: {kind} {name}");
                }
            }
        }
    }
}
