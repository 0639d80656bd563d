//! A scenario: the people and the orders of a month, as a file says them. The format is described in the README.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::document::{Object, Problem, Reading};

/// A month to be played.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scenario {
    /// What it is called.
    pub(super) name: String,
    /// What chance is drawn from: the same seed, the same month.
    pub(super) seed: u64,
    /// How many days it lasts.
    pub(super) days: u32,
    /// Its first day.
    pub(super) begins_on: NaiveDate,
    /// Which part of what they are delivered clients want mended.
    pub(super) client_fixes: f64,
    /// Which part of what they are handed in and delivered clients want otherwise than it was ordered.
    pub(super) client_changes: f64,
    /// How likely somebody appeals against a return that is laid to them.
    pub(super) appeals: f64,
    /// What can be asked of people.
    pub(super) skills: Vec<String>,
    /// Everybody, each by themselves.
    pub(super) people: Vec<Person>,
    /// What is ordered.
    pub(super) orders: Vec<Order>,
}

/// Somebody who works.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Person {
    /// What they are called.
    pub(super) name: String,
    /// Minutes a week they wish for.
    pub(super) weekly_minutes: u32,
    /// The day of the month on which they begin, from 1.
    pub(super) joins: u32,
    /// What they can do, by its place among the scenario's skills, with the level.
    pub(super) skills: BTreeMap<usize, u64>,
    /// When they are away.
    pub(super) absences: Vec<Absence>,
    /// How likely they answer what is put before them at all.
    pub(super) answers: f64,
    /// How many hours of the day they take for it on average.
    pub(super) answer_hours: f64,
    /// How likely they say no.
    pub(super) declines: f64,
    /// How long they take for a unit, as a multiple of what is said of it.
    pub(super) pace: f64,
    /// How likely a first version of theirs passes.
    pub(super) quality: f64,
}

/// Days on which somebody is away, both counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Absence {
    /// The first day.
    pub(super) from: u32,
    /// The last day.
    pub(super) until: u32,
    /// Whether they say so and give back what they hold; otherwise nothing is heard of them.
    pub(super) tells: bool,
}

/// Something that is ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order {
    /// What it is called.
    pub(super) title: String,
    /// The day on which it comes.
    pub(super) day: u32,
    /// How many units it has.
    pub(super) units: u32,
    /// How long one usually takes.
    pub(super) minutes: u32,
    /// What it takes, by its place among the scenario's skills.
    pub(super) skill: Option<usize>,
    /// The last day on which work is received.
    pub(super) due: u32,
    /// Whether a partner town entrusts it to this one.
    pub(super) from_partner: bool,
    /// How many of its units a partner town makes.
    pub(super) to_partner: u32,
}

impl Order {
    /// How many units are made here: its own, and one that puts together what the partner makes.
    pub(super) fn units_here(&self) -> u32 {
        self.units - self.to_partner + u32::from(self.to_partner > 0)
    }
}

/// More people than any programme has that this is made for.
const MOST_PEOPLE: usize = 500;
/// So many units of a month are played in some minutes.
const MOST_UNITS: u64 = 20_000;
/// A partner town has few people.
const MOST_SHARED: u64 = 20;
/// The first day where a scenario names none: a Thursday.
const FIRST_DAY: (i32, u32, u32) = (2026, 10, 1);

impl Scenario {
    /// Reads a file; everything that is wrong with it, where anything is.
    pub(super) fn read(text: &str) -> Result<Self, Vec<Problem>> {
        let (value, mut reading) = Reading::of(text).map_err(|problem| vec![problem])?;
        let known = [
            "name",
            "seed",
            "days",
            "begins_on",
            "client_fixes",
            "client_changes",
            "appeals",
            "skills",
            "people",
            "orders",
        ];
        let top = reading.object("", &value, &known);
        let days = narrow(top.whole(&mut reading, "days", 7..=92));
        let skills: Vec<String> = top
            .list(&mut reading, "skills")
            .into_iter()
            .map(|(at, skill)| reading.text(&at, skill))
            .collect();
        let (year, month, day) = FIRST_DAY;
        let usual = NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        let scenario = Self {
            name: top.text(&mut reading, "name"),
            seed: top.whole_or(&mut reading, "seed", 0..=u64::MAX, 1),
            days,
            begins_on: top.day(&mut reading, "begins_on").unwrap_or(usual),
            client_fixes: top.number_or(&mut reading, "client_fixes", 0.0..=1.0, 0.02),
            client_changes: top.number_or(&mut reading, "client_changes", 0.0..=1.0, 0.0),
            appeals: top.number_or(&mut reading, "appeals", 0.0..=1.0, 0.0),
            people: people(&mut reading, &top, days, &skills),
            orders: orders(&mut reading, &top, days, &skills),
            skills,
        };
        reading.done(scenario)
    }

    /// How many units are made in the town whose month it is.
    pub(super) fn units(&self) -> u64 {
        self.orders.iter().map(|order| u64::from(order.units_here())).sum()
    }
}

impl Person {
    /// On how many of so many days they are there.
    pub(super) fn days_there(&self, days: u32) -> u32 {
        (self.joins..=days)
            .filter(|day| !self.absences.iter().any(|away| (away.from..=away.until).contains(day)))
            .count()
            .try_into()
            .unwrap_or(u32::MAX)
    }
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn people(reading: &mut Reading, top: &Object<'_>, days: u32, skills: &[String]) -> Vec<Person> {
    let given = top.required(reading, "people");
    let given = given.map_or_else(Vec::new, |value| reading.list("people", value));
    let mut people = Vec::new();
    for (at, value) in &given {
        let known = [
            "name",
            "count",
            "hours",
            "joins",
            "skills",
            "absences",
            "answers",
            "answer_hours",
            "declines",
            "pace",
            "quality",
        ];
        let one = reading.object(at, value, &known);
        let count = one.whole_or(reading, "count", 1..=500, 1);
        let person = person(reading, &one, days, skills);
        for number in 1..=count {
            let name = if count == 1 { person.name.clone() } else { format!("{} {number}", person.name) };
            people.push(Person { name, ..person.clone() });
        }
    }
    if people.len() > MOST_PEOPLE {
        reading.problem("people", format!("at most {MOST_PEOPLE} people can be played"));
    }
    if given.is_empty() && top.optional("people").is_some_and(Value::is_array) {
        reading.problem("people", "at least one is needed");
    }
    people
}

fn person(reading: &mut Reading, one: &Object<'_>, days: u32, skills: &[String]) -> Person {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most sixty hours")]
    let weekly_minutes = (one.number(reading, "hours", 0.5..=60.0) * 60.0).round() as u32;
    let joins = narrow(one.whole_or(reading, "joins", 1..=u64::from(days), 1));
    Person {
        name: one.text(reading, "name"),
        weekly_minutes,
        joins,
        skills: skills_of(reading, one, skills),
        absences: absences(reading, one, joins, days),
        answers: one.number_or(reading, "answers", 0.0..=1.0, 0.9),
        answer_hours: one.number_or(reading, "answer_hours", 0.1..=200.0, 6.0),
        declines: one.number_or(reading, "declines", 0.0..=1.0, 0.05),
        pace: one.number_or(reading, "pace", 0.2..=5.0, 1.0),
        quality: one.number_or(reading, "quality", 0.0..=1.0, 0.95),
    }
}

fn skills_of(reading: &mut Reading, one: &Object<'_>, skills: &[String]) -> BTreeMap<usize, u64> {
    let Some(value) = one.optional("skills") else { return BTreeMap::new() };
    let at = one.place("skills");
    let names: Vec<&str> = skills.iter().map(String::as_str).collect();
    let object = reading.object(&at, value, &names);
    let of = |(place, name): (usize, &&str)| {
        object.optional(name)?;
        Some((place, object.whole(reading, name, 1..=3)))
    };
    names.iter().enumerate().filter_map(of).collect()
}

fn absences(reading: &mut Reading, one: &Object<'_>, joins: u32, days: u32) -> Vec<Absence> {
    let mut absences: Vec<Absence> = Vec::new();
    for (at, value) in one.list(reading, "absences") {
        let away = reading.object(&at, value, &["from", "until", "tells"]);
        let from = narrow(away.whole(reading, "from", 1..=u64::from(days)));
        let until = narrow(away.whole(reading, "until", 1..=u64::from(days)));
        let tells = away.truth(reading, "tells", true);
        if until < from {
            reading.problem(&away.place("until"), format!("lies before its first day, {from}"));
        }
        if from <= absences.last().map_or(joins, |before| before.until + 1) {
            let what = "has to begin after a day on which they are there";
            reading.problem(&away.place("from"), what);
        }
        absences.push(Absence { from, until, tells });
    }
    absences
}

fn orders(reading: &mut Reading, top: &Object<'_>, days: u32, skills: &[String]) -> Vec<Order> {
    let given = top.required(reading, "orders");
    let given = given.map_or_else(Vec::new, |value| reading.list("orders", value));
    let mut orders = Vec::new();
    for (at, value) in &given {
        let known = ["title", "day", "units", "minutes", "skill", "due", "from_partner", "to_partner"];
        let one = reading.object(at, value, &known);
        let day = narrow(one.whole(reading, "day", 1..=u64::from(days)));
        let due = narrow(one.whole(reading, "due", 1..=u64::from(days)));
        if due < day {
            reading.problem(&one.place("due"), format!("lies before the day on which it comes, {day}"));
        }
        let skill = one.optional("skill").and_then(|value| {
            let (place, name) = (one.place("skill"), value.as_str().unwrap_or_default());
            let known = skills.iter().position(|skill| skill == name);
            if known.is_none() {
                reading.problem(&place, format!("is none of the scenario's skills: {}", skills.join(", ")));
            }
            known
        });
        let units = narrow(one.whole(reading, "units", 1..=5000));
        orders.push(Order {
            title: one.text(reading, "title"),
            day,
            units,
            minutes: narrow(one.whole(reading, "minutes", 5..=600)),
            skill,
            due,
            from_partner: one.truth(reading, "from_partner", false),
            to_partner: to_partner(reading, &one, units),
        });
    }
    if orders.is_empty() && top.optional("orders").is_some_and(Value::is_array) {
        reading.problem("orders", "at least one is needed");
    }
    if orders.iter().map(|order| u64::from(order.units)).sum::<u64>() > MOST_UNITS {
        reading.problem("orders", format!("at most {MOST_UNITS} units can be played"));
    }
    orders
}

/// At least one unit stays here.
fn to_partner(reading: &mut Reading, one: &Object<'_>, units: u32) -> u32 {
    let shared = narrow(one.whole_or(reading, "to_partner", 0..=MOST_SHARED, 0));
    if shared >= units && shared > 0 {
        reading.problem(&one.place("to_partner"), format!("has to be less than its units, {units}"));
        return 0;
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"{
        "name": "Small", "days": 14, "skills": ["entry"],
        "people": [
            { "name": "Aoki", "hours": 7.5, "skills": { "entry": 2 } },
            { "name": "Baba", "count": 2, "hours": 10, "joins": 3, "absences": [{ "from": 5, "until": 8, "tells": false }] }
        ],
        "orders": [{ "title": "Cards", "day": 1, "units": 10, "minutes": 30, "skill": "entry", "due": 10 }]
    }"#;

    fn problems(text: &str) -> Vec<String> {
        Scenario::read(text).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_scenario_says_who_is_there_and_what_comes() {
        let scenario = Scenario::read(SMALL).unwrap();
        assert_eq!((scenario.seed, scenario.days, scenario.units()), (1, 14, 10));
        let people: Vec<_> =
            scenario.people.iter().map(|one| (one.name.as_str(), one.weekly_minutes)).collect();
        assert_eq!(people, [("Aoki", 450), ("Baba 1", 600), ("Baba 2", 600)]);
        assert_eq!(scenario.people[0].skills, BTreeMap::from([(0, 2)]));
        assert_eq!(scenario.people[2].days_there(14), 8);
        assert_eq!(scenario.orders[0].skill, Some(0));
    }

    #[test]
    fn nothing_is_appealed_against_changed_or_shared_unless_a_scenario_says_so() {
        let usual = Scenario::read(SMALL).unwrap();
        assert_eq!((usual.appeals, usual.client_changes), (0.0, 0.0));
        assert_eq!((usual.orders[0].from_partner, usual.orders[0].to_partner), (false, 0));
        let shared = SMALL
            .replace("\"due\": 10", "\"due\": 10, \"from_partner\": true, \"to_partner\": 4")
            .replace("\"days\"", "\"appeals\": 0.5, \"client_changes\": 0.1, \"days\"");
        let scenario = Scenario::read(&shared).unwrap();
        assert_eq!((scenario.appeals, scenario.client_changes), (0.5, 0.1));
        assert!(scenario.orders[0].from_partner);
        assert_eq!(
            (scenario.orders[0].units_here(), scenario.units()),
            (7, 7),
            "six, and one of what comes in"
        );
        let all = shared.replace("\"to_partner\": 4", "\"to_partner\": 10");
        assert_eq!(problems(&all), ["line 7: orders[0].to_partner: has to be less than its units, 10"]);
    }

    #[test]
    fn each_problem_is_told_with_its_line_and_field_and_all_at_once() {
        let text = SMALL
            .replace("7.5", "\"ten\"")
            .replace("\"entry\": 2", "\"design\": 2")
            .replace("\"until\": 8", "\"until\": 4")
            .replace("\"units\": 10", "\"unit\": 10")
            .replace("\"skill\": \"entry\"", "\"skill\": \"sewing\"");
        assert_eq!(
            problems(&text),
            [
                "line 4: people[0].hours: a number from 0.5 to 60 is expected, not \"ten\"",
                "line 4: people[0].skills.design: there is no such field; there are: entry",
                "line 5: people[1].absences[0].until: lies before its first day, 5",
                "line 7: orders[0].skill: is none of the scenario's skills: entry",
                "line 7: orders[0].unit: there is no such field; there are: title, day, units, minutes, skill, due, from_partner, to_partner",
                "line 7: orders[0].units: is missing",
            ]
        );
    }

    #[test]
    fn files_of_another_kind_are_refused() {
        assert_eq!(problems("[]")[0], "line 1: an object {…} is expected, not a list");
        assert_eq!(
            problems(r#"{"name": "x", "days": 30, "people": [], "orders": 3}"#),
            ["line 1: orders: a list […] is expected, not 3", "line 1: people: at least one is needed",]
        );
        assert!(problems("name = \"x\"")[0].starts_with("line 1: this is no JSON"));
        assert!(problems("")[0].starts_with("line 1: this is no JSON"));
        let late = SMALL.replace("\"due\": 10", "\"due\": 40").replace("\"from\": 5", "\"from\": 3");
        assert_eq!(
            problems(&late),
            [
                "line 5: people[1].absences[0].from: has to begin after a day on which they are there",
                "line 7: orders[0].due: a whole number from 1 to 14 is expected, not 40",
            ]
        );
    }
}
