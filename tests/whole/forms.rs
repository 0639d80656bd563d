//! A form that is refused comes back with everything that was typed, and with each error beside its field: the main form of
//! each area, in both languages.

use super::world::{Answer, Person, World};

/// A form that is refused with what is given, as somebody who may send it.
struct Refused {
    part: &'static str,
    /// A list, and how its links to what the form is about begin: the first whose page has the form. Its id stands for
    /// `{id}` in all that follows.
    of: Option<(&'static str, &'static str)>,
    page: &'static str,
    action: &'static str,
    fields: &'static [(&'static str, &'static str)],
    /// Fields that must be named, as their ids have them.
    names: &'static [&'static str],
}

const REFUSED: &[Refused] = &[
    Refused {
        part: "sales2",
        of: None,
        page: "/companies/new",
        action: "/companies",
        fields: &[("name", ""), ("corporate_number", "123")],
        names: &["name", "corporate_number"],
    },
    Refused {
        part: "sales2",
        of: None,
        page: "/leads/new",
        action: "/leads",
        fields: &[
            ("company_name", ""),
            ("source", "web"),
            ("need", "カタログの校正"),
            ("email", "nobody"),
            ("phone", "電話"),
            ("asked_on", "31.6."),
        ],
        names: &["company_name", "email", "phone", "asked_on"],
    },
    Refused {
        part: "sales2",
        of: Some(("/companies", "/companies/")),
        page: "/companies/{id}/contacts/new",
        action: "/companies/{id}/contacts",
        fields: &[
            ("family_name", ""),
            ("given_name", "花子"),
            ("title", "係長"),
            ("email", "nobody"),
            ("language", "en"),
        ],
        names: &["family_name", "email"],
    },
    Refused {
        part: "sales2",
        of: Some(("/companies", "/companies/")),
        page: "/deals/new?company_id={id}",
        action: "/deals",
        fields: &[
            ("company_id", "{id}"),
            ("title", ""),
            ("amount", "x"),
            ("expected_close_on", "31.6."),
            ("next_action", "電話"),
        ],
        names: &["title", "amount", "expected_close_on"],
    },
    Refused {
        part: "sales2",
        of: Some(("/deals", "/deals/")),
        page: "/deals/{id}/quotes/new",
        action: "/deals/{id}/quotes/new",
        fields: &[
            ("based_on", "0"),
            ("lines[0].description", "入力"),
            ("lines[0].quantity", "x"),
            ("lines[0].unit_price", ""),
            ("lines[0].unit_minutes", "60"),
            ("lines[0].tax_rate", "8"),
            ("valid_until", "31.6."),
            ("deliver_on", ""),
            ("terms", "検収後"),
        ],
        names: &["lines-0-quantity", "lines-0-unit_price", "valid_until", "deliver_on"],
    },
    Refused {
        part: "sales2",
        of: Some(("/companies", "/companies/")),
        page: "/orders/new?company_id={id}",
        action: "/orders",
        fields: &[
            ("company_id", "{id}"),
            ("source", "phone"),
            ("title", ""),
            ("deliver_on", "31.6."),
            ("lines[0].description", "入力"),
            ("lines[0].quantity", "x"),
            ("lines[0].unit_price", ""),
            ("lines[0].unit_minutes", "60"),
            ("lines[0].tax_rate", "8"),
            ("note", "電話で"),
        ],
        names: &["title", "deliver_on", "lines-0-quantity", "lines-0-unit_price"],
    },
    Refused {
        part: "sales2",
        of: Some(("/companies", "/companies/")),
        page: "/companies/{id}/terms",
        action: "/companies/{id}/terms",
        fields: &[
            ("version", "0"),
            ("closing_day", "40"),
            ("months_later", "1"),
            ("pay_day", "x"),
            ("inspection_days", "-1"),
            ("remarks", "月末締め"),
        ],
        names: &["closing_day", "pay_day", "inspection_days"],
    },
    Refused {
        part: "sales2",
        of: None,
        page: "/todos/new",
        action: "/todos",
        fields: &[("title", ""), ("due_on", "31.6."), ("due_time", "25:00")],
        names: &["title", "due_on", "due_time"],
    },
    Refused {
        part: "checker",
        of: None,
        page: "/workers/new",
        action: "/workers",
        fields: &[("family_name", ""), ("given_name", "花子"), ("email", "nobody")],
        names: &["family_name", "email"],
    },
    Refused {
        part: "checker",
        of: None,
        page: "/skills",
        action: "/skills",
        fields: &[("name", "")],
        names: &["name"],
    },
    Refused {
        part: "checker",
        of: None,
        page: "/courses/new",
        action: "/courses",
        fields: &[
            ("title", ""),
            ("about", "表計算"),
            ("seats", "x"),
            ("way", "online"),
            ("days[0].day", "31.6."),
        ],
        names: &["title", "seats", "days-0-day"],
    },
    Refused {
        part: "checker",
        of: Some(("/orders", "/orders/")),
        page: "/orders/{id}/jobs/new",
        action: "/orders/{id}/jobs",
        fields: &[
            ("title", ""),
            ("rules", "一行ずつ"),
            ("unit_minutes", "x"),
            ("unit_pay", "0"),
            ("work_due_on", "31.6."),
            ("offer_rule", "first_come"),
            ("count", "3"),
            ("asks_phone", "yes"),
            ("inspect_days", "5"),
        ],
        names: &["title", "unit_minutes", "unit_pay", "work_due_on"],
    },
    Refused {
        part: "checker",
        of: Some(("/review", "/review/")),
        page: "/review/{id}",
        action: "/review/{id}",
        fields: &[
            ("verdict", "return"),
            ("comment", ""),
            ("reason", "typo"),
            ("due_on", "31.6."),
            ("remarks[0].text", "二行目"),
        ],
        names: &["fault", "comment"],
    },
    Refused {
        part: "checker",
        of: Some(("/orders", "/orders/")),
        page: "/orders/{id}/deliver",
        action: "/orders/{id}/deliver",
        fields: &[("message", "よろしくお願いします")],
        names: &["units-"],
    },
    Refused {
        part: "admin",
        of: None,
        page: "/members/new",
        action: "/members",
        fields: &[("family_name", ""), ("given_name", "花子"), ("email", "nobody"), ("roles", "sales")],
        names: &["family_name", "email"],
    },
    Refused {
        part: "admin",
        of: None,
        page: "/targets?year=2031",
        action: "/targets/plans",
        fields: &[("fiscal_year", "x"), ("reason", "")],
        names: &["fiscal_year", "reason"],
    },
    Refused {
        part: "admin",
        of: None,
        page: "/visits/new",
        action: "/visits",
        fields: &[
            ("body_name", ""),
            ("contact", "係"),
            ("people", "x"),
            ("day", "31.6."),
            ("from", "09:00"),
            ("to", "08:00"),
            ("wish", "見学"),
        ],
        names: &["body_name", "people", "day", "to"],
    },
    Refused {
        part: "admin",
        of: None,
        page: "/webhooks",
        action: "/webhooks",
        fields: &[("url", "ftp:x"), ("note", "試験")],
        names: &["kinds-"],
    },
    Refused {
        part: "admin",
        of: None,
        page: "/town",
        action: "/town",
        fields: &[("name", ""), ("version", "1")],
        names: &["name"],
    },
    Refused {
        part: "officer",
        of: None,
        page: "/roadmap/milestones/new?year=2031",
        action: "/roadmap/milestones",
        fields: &[("fiscal_year", "2031"), ("title", ""), ("due_on", "31.6."), ("value", "10")],
        names: &["title", "due_on", "metric"],
    },
    Refused {
        part: "officer",
        of: None,
        page: "/advice/new",
        action: "/advice",
        fields: &[("held_on", "31.6."), ("way", "online"), ("adviser", ""), ("asked", "")],
        names: &["held_on", "minutes", "adviser", "asked"],
    },
    Refused {
        part: "worker2",
        of: None,
        page: "/me",
        action: "/me/password",
        fields: &[("old_password", ""), ("password", "x"), ("password_again", "y")],
        names: &["password"],
    },
    Refused {
        part: "worker2",
        of: None,
        page: "/me",
        action: "/me/tokens",
        fields: &[("name", ""), ("access", "read"), ("days", "x")],
        names: &["name", "days"],
    },
    Refused {
        part: "worker2",
        of: None,
        page: "/my-hours",
        action: "/my-hours/days",
        fields: &[("day", "31.6."), ("hours", "25")],
        names: &["day", "hours"],
    },
    Refused {
        part: "worker2",
        of: Some(("/centre", "/centre/places/")),
        page: "/centre/bookings/new?place={id}",
        action: "/centre/bookings",
        fields: &[("place_id", "{id}"), ("day", "31.6."), ("from", "11:00"), ("to", "10:00")],
        names: &["day", "to"],
    },
];

impl Refused {
    /// What `{id}` stands for, and the page that has the form.
    fn found(&self, person: &Person) -> (String, Answer) {
        let Some((list, start)) = self.of else { return (String::new(), person.get(self.page)) };
        // The engine writes some slashes as entities.
        let plain = |body: &str| body.replace("&#x2f;", "/");
        let body = plain(&person.get(list).body);
        let link = format!("href=\"{start}");
        let links = body.split(&link).skip(1);
        let ids = links.filter_map(|rest| rest.split(|one: char| !one.is_ascii_digit()).next());
        let mut pages = ids.filter(|id| !id.is_empty()).map(|id| {
            let page = person.get(&self.page.replace("{id}", id));
            (id.to_owned(), page)
        });
        let form = |id: &str| format!("action=\"{}\"", self.action.replace("{id}", id));
        pages
            .find(|(id, page)| plain(&page.body).contains(&form(id)))
            .unwrap_or_else(|| panic!("{list} leads to nothing with the form {}", self.action))
    }
}

/// The entries of the summary: the id each links to, and what it says.
fn summary(body: &str) -> Vec<(String, String)> {
    let summary = body.split("data-error-summary").nth(1).unwrap_or_else(|| panic!("no summary in:\n{body}"));
    let list = summary.split("<ul>").nth(1).unwrap().split("</ul>").next().unwrap();
    list.split("<li>")
        .skip(1)
        .map(|entry| {
            let id = entry.split("<a href=\"#").nth(1).map_or("", |rest| rest.split('"').next().unwrap());
            let text = entry.split("</a>").next().unwrap().rsplit('>').next().unwrap();
            (id.to_owned(), text.to_owned())
        })
        .collect()
}

/// The tags of this kind whose field is called `name`, each with what follows it.
fn tags<'a>(body: &'a str, kind: &str, name: &str) -> Vec<(&'a str, &'a str)> {
    let (opened, named) = (format!("<{kind}"), format!(" name=\"{name}\""));
    let tags = body.split(&opened).skip(1).filter_map(|rest| rest.split_once('>'));
    tags.filter(|(tag, _after)| tag.contains(&named)).collect()
}

/// Whether the page still holds `value` in the field called `name`.
fn keeps(body: &str, name: &str, value: &str) -> bool {
    let here = format!("value=\"{value}\"");
    let typed = tags(body, "input", name).into_iter().any(|(tag, _after)| {
        let is_choice = tag.contains("type=\"radio\"") || tag.contains("type=\"checkbox\"");
        tag.contains(&here) && (!is_choice || tag.contains(" checked"))
    });
    let written = tags(body, "textarea", name)
        .into_iter()
        .any(|(_tag, after)| after.split("</textarea>").next().is_some_and(|text| text.trim() == value));
    let chosen = tags(body, "select", name).into_iter().any(|(_tag, after)| {
        let options = after.split("</select>").next().unwrap_or_default();
        let mut options = options.split("<option").filter_map(|option| option.split('>').next());
        options.any(|option| option.contains(&here) && option.contains(" selected"))
    });
    typed || written || chosen
}

/// What nobody typed, and what no page may send back.
const NOT_KEPT: [&str; 4] = ["version", "verdict", "password", "password_again"];

/// Sends the form as `person`, and reads what comes back.
fn check(person: &Person, form: &Refused) {
    let (id, page) = form.found(person);
    let token = page.csrf();
    let action = form.action.replace("{id}", &id);
    let fields: Vec<(&str, String)> =
        form.fields.iter().map(|(name, value)| (*name, value.replace("{id}", &id))).collect();
    let mut sent = vec![("csrf", token.as_str())];
    sent.extend(fields.iter().map(|(name, value)| (*name, value.as_str())));
    let answer = person.post(&action, &sent);
    assert_eq!(answer.status, 422, "{action}: {}", answer.body);
    for (name, value) in fields.iter().filter(|(name, value)| !value.is_empty() && !NOT_KEPT.contains(name)) {
        assert!(keeps(&answer.body, name, value), "{action}: {name} does not hold {value} any more");
    }
    let entries = summary(&answer.body);
    for (id, text) in &entries {
        let (label, sentence) = text
            .split_once('：')
            .or_else(|| text.split_once(": "))
            .unwrap_or_else(|| panic!("{action}: no field in {text:?}"));
        assert!(!label.is_empty() && !sentence.is_empty(), "{action}: {text}");
        assert!(answer.body.contains(&format!(" id=\"{id}\"")), "{action}: nothing has the id {id}");
        let is_a_label = answer.body.contains(&format!("{label} <"));
        assert!(is_a_label, "{action}: no field is called {label}");
    }
    for name in form.names {
        let id = format!("f-{name}");
        assert!(entries.iter().any(|(to, _)| *to == id), "{action}: {name} is not named: {entries:?}");
    }
}

#[test]
fn a_refused_form_keeps_what_was_typed_and_its_summary_names_each_field_and_links_to_it() {
    let world = World::shared();
    for part in ["sales2", "checker", "officer", "worker2", "admin"] {
        let person = world.signed_in(part);
        // The others walk through the browser tests meanwhile, which read Japanese.
        let languages: &[&str] = if part == "sales2" { &["en", "ja"] } else { &["ja"] };
        for language in languages {
            if part == "sales2" {
                person.submit("/me", "/me/preferences", &[("lang", language), ("back", "/")]);
            }
            REFUSED.iter().filter(|form| form.part == part).for_each(|form| check(&person, form));
        }
    }
    let parts: Vec<&str> = REFUSED.iter().map(|form| form.part).collect();
    assert!(parts.iter().all(|part| ["sales2", "checker", "officer", "worker2", "admin"].contains(part)));
}

/// A target is entered in a version that is open, and there is none until somebody begins one.
#[test]
fn a_refused_target_keeps_what_was_typed() {
    let world = World::shared();
    let admin = world.signed_in("admin");
    let year = [("fiscal_year", "2034"), ("reason", "試験")];
    let version = admin.submit("/targets?year=2034", "/targets/plans", &year);
    let fields = [
        ("csrf", admin.get(&version).csrf()),
        ("metric", "calls".to_owned()),
        ("scope", "town".to_owned()),
        ("period", "q1".to_owned()),
        ("value", "x".to_owned()),
        ("reason", "電話を増やす".to_owned()),
    ];
    let sent: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = admin.post(&version, &sent);
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert!(summary(&answer.body).iter().any(|(to, _)| to == "f-value"), "{}", answer.body);
    for (name, value) in &sent[1..] {
        assert!(keeps(&answer.body, name, value), "{name} does not hold {value} any more");
    }
}
