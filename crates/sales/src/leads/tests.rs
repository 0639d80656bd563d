//! The verbs against a real database.

use diesel::RunQueryDsl as _;
use kernel::{Code, Coded, Paging};

use super::*;
use crate::day;
use crate::testing::Bench;

fn input(name: &str) -> LeadInput {
    LeadInput {
        company_name: name.into(),
        contact_name: "山田 太郎".into(),
        email: "Yamada@example.jp".into(),
        phone: "0859-00-0000".into(),
        source: "phone".into(),
        need: "名刺1,000枚の入力\n急ぎ".into(),
        ..LeadInput::default()
    }
}

/// Of a company and a person whom nobody here knows yet.
fn unknown(name: &str) -> LeadInput {
    LeadInput {
        email: "ota@inaba.example".into(),
        contact_name: "太田 花子".into(),
        phone: "0857-00-0000".into(),
        ..input(name)
    }
}

fn next() -> ConvertInput {
    ConvertInput {
        next_action: "ヒアリング".into(),
        next_action_on: "2026-11-24".into(),
        ..ConvertInput::default()
    }
}

fn called() -> ContactedInput {
    ContactedInput {
        kind: "call".into(),
        outcome: "interested".into(),
        note: "来週くわしく聞く".into(),
        next_action: "電話で仕様を聞く".into(),
        next_action_on: "2026-11-24".into(),
    }
}

#[test]
fn a_lead_somebody_talked_to_is_on_its_owners_list_until_it_is_closed() {
    let bench = Bench::new();
    let lead = bench.act(|tx| enter(tx, input("鳥取印刷"))).unwrap();
    let listed = || -> (usize, (i64, i64)) {
        bench
            .act(|tx| -> Result<_, DbError> {
                let counts = day::counts(tx, bench.sales)?;
                let due = day::due(tx, bench.sales, &Paging::first(10))?.items;
                Ok((due.len(), (counts.due, counts.overdue)))
            })
            .unwrap()
    };
    let nothing = bench.act(|tx| contact(tx, lead.id, 1, ContactedInput::default())).unwrap_err();
    assert_eq!(nothing.fields().len(), 3, "what came of it, what is next, and when");
    let lead = bench.act(|tx| contact(tx, lead.id, 1, called())).unwrap();
    let kept = bench.act(|tx| contacts_of(tx, lead.id)).unwrap();
    assert_eq!((kept.len(), kept[0].person_id, kept[0].note.as_str()), (1, bench.sales, "来週くわしく聞く"));
    bench.at("2026-11-24T03:00:00Z");
    assert_eq!(listed(), (1, (1, 0)));
    bench.at("2026-11-25T03:00:00Z");
    assert_eq!(listed(), (1, (1, 1)));
    let reason = DisqualifyInput { reason: "no_need".into(), ..DisqualifyInput::default() };
    let closed = bench.act(|tx| disqualify(tx, lead.id, lead.version, reason)).unwrap();
    assert_eq!((closed.next, listed()), (None, (0, (0, 0))));
}

#[test]
fn a_colleague_who_is_named_in_a_first_answer_hears_of_it() {
    let bench = Bench::new();
    let lead = bench.act(|tx| enter(tx, input("鳥取印刷"))).unwrap();
    let noted =
        ContactedInput { note: "＠Suzuki さん、見積を。@Tanaka が送る".into(), ..called() };
    bench.act(|tx| contact(tx, lead.id, 1, noted)).unwrap();
    let expected = MentionedOnLead { lead: lead.id, person: bench.colleague, by: bench.sales };
    assert_eq!(bench.told::<MentionedOnLead>(), [expected], "and nobody hears of themselves");
}

#[test]
fn whose_answer_is_due_first_stands_first_page_by_page() {
    let bench = Bench::new();
    let sql = "UPDATE organizations SET answer_days = 2";
    diesel::sql_query(sql).execute(&mut bench.db.owner()).unwrap();
    let entered = |name: &str, source: &str| {
        let lead = LeadInput { source: source.into(), ..input(name) };
        bench.act(|tx| enter(tx, lead)).unwrap()
    };
    bench.at("2026-11-24T05:00:00Z");
    entered("あとの約束", "web");
    let unpromised = entered("約束なし", "register");
    bench.at("2026-11-20T05:00:00Z");
    entered("先の約束", "web");
    assert_eq!(unpromised.answer_by, None);
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = bench.act(|tx| in_turn(tx, &Paging { after, ..Paging::first(1) })).unwrap();
        seen.extend(page.items.into_iter().map(|lead| lead.company_name));
        let Some(next) = page.next else { break };
        after = Some(next);
    }
    assert_eq!(seen, ["先の約束", "あとの約束", "約束なし"]);
    let all = bench.act(|tx| unanswered(tx, 10)).unwrap();
    let names: Vec<&str> = all.iter().map(|lead| lead.company_name.as_str()).collect();
    assert_eq!(names, ["先の約束"], "on that Friday nobody knows of the others yet");
    bench.at("2026-11-24T05:00:00Z");
    entered("また約束なし", "register");
    // Entered last, and by its clock before the other without a promise.
    bench.at("2026-11-21T05:00:00Z");
    entered("さらに約束なし", "register");
    bench.at("2026-11-24T06:00:00Z");
    let waiting = bench.act(|tx| unanswered(tx, 10)).unwrap();
    let listed = bench.act(|tx| in_turn(tx, &Paging::first(10))).unwrap().items;
    assert_eq!((waiting.len(), &waiting), (5, &listed), "one order, wherever they are shown");
    assert_eq!(bench.act(|tx| unanswered(tx, 2)).unwrap(), listed[..2]);
}

#[test]
fn whoever_the_menu_does_not_offer_owns_nothing() {
    let bench = Bench::new();
    let admin = bench.db.person(bench.town, "Sato", &["admin"]);
    let given = LeadInput { owner_id: admin.to_string().into(), ..unknown("鳥取印刷") };
    let refused = bench.act(|tx| enter(tx, given.clone())).unwrap_err();
    assert_eq!(
        (refused.fields()[0].field.as_str(), refused.fields()[0].code),
        ("owner_id", Code::UnknownChoice)
    );
    let deal = DealInput { owner_id: admin.to_string().into(), ..bench.input("名簿") };
    let refused = bench.act(|tx| deals::open(tx, deal)).unwrap_err();
    assert_eq!(refused.fields()[0].field, "owner_id");
    // Whoever writes it down may look after it, and it goes on with somebody who sells.
    let own = bench.db.acting(bench.town, admin, |tx| enter(tx, given)).unwrap();
    assert_eq!(own.owner_id, Some(admin));
    let deal = bench.act(|tx| convert(tx, own.id, own.version, next())).unwrap();
    assert_eq!(deal.owner_id, bench.sales);
}

#[test]
fn a_lead_becomes_a_company_a_contact_and_a_deal_without_retyping() {
    let bench = Bench::new();
    let lead = bench.act(|tx| enter(tx, unknown("鳥取印刷"))).unwrap();
    assert_eq!(lead.owner_id, Some(bench.sales), "whoever enters it looks after it");
    let lead = bench.act(|tx| contact(tx, lead.id, lead.version, called())).unwrap();
    let deal = bench.act(|tx| convert(tx, lead.id, lead.version, next())).unwrap();
    assert_eq!(deal.title, "名刺1,000枚の入力");
    let company = bench.act(|tx| companies::find(tx, deal.company_id)).unwrap();
    assert_eq!((company.name.as_str(), company.phone.as_str()), ("鳥取印刷", ""));
    let person = bench.act(|tx| contacts::find(tx, deal.contact_id.unwrap())).unwrap();
    assert_eq!((person.family_name.as_str(), person.given_name.as_str()), ("太田", "花子"));
    assert_eq!((person.company_id, person.phone.as_str()), (company.id, "0857-00-0000"));
    let lead = bench.act(|tx| find(tx, lead.id)).unwrap();
    assert!(matches!(lead.state, LeadState::Converted { deal_id, .. } if deal_id == deal.id));
    assert_eq!(lead.company_id, Some(company.id));
    assert!(lead.contacted_at.is_some());
    assert_eq!(bench.act(|tx| of_deal(tx, deal.id)).unwrap(), Some(lead), "the deal knows what it came from");
    let entered = bench.open("名刺");
    assert_eq!(bench.act(|tx| of_deal(tx, entered.id)).unwrap(), None);
}

#[test]
fn what_a_conversion_would_enter_twice_is_shown_and_entered_only_by_those_who_know_better() {
    let bench = Bench::new();
    let refused = |lead: &Lead, typed: ConvertInput| {
        let refused = bench.act(|tx| convert(tx, lead.id, lead.version, typed)).unwrap_err();
        assert_eq!((refused.code(), refused.fields()[0].code), (Code::LooksAlike, Code::LooksAlike));
        (refused.fields()[0].field.clone(), refused.candidates().iter().map(|one| one.id).collect::<Vec<_>>())
    };
    let ids = |known: &[i64]| known.iter().map(|id| Typed::from(id.to_string())).collect::<Vec<_>>();
    let (company, contact) = (bench.company.0, bench.contact.0);
    let lead = bench.act(|tx| enter(tx, input("㈱米子建設"))).unwrap();
    assert_eq!(refused(&lead, next()), ("company_id".to_owned(), vec![company]));
    let apart = || ConvertInput { apart_from: ids(&[company]), ..next() };
    assert_eq!(refused(&lead, apart()), ("contact_id".to_owned(), vec![contact]), "their mail is known");
    assert_eq!(
        bench.act(|tx| companies::search(tx, "米子建設", 10)).unwrap().len(),
        1,
        "nothing was entered"
    );
    let knowingly = ConvertInput { apart_from_contacts: ids(&[contact]), ..apart() };
    let deal = bench.act(|tx| convert(tx, lead.id, lead.version, knowingly)).unwrap();
    assert!(deal.company_id != bench.company && deal.contact_id.is_some_and(|id| id != bench.contact));
}

#[test]
fn a_lead_given_up_for_another_reason_says_which() {
    let bench = Bench::new();
    let lead = bench.act(|tx| enter(tx, input("甲"))).unwrap();
    let other = |note: &str| DisqualifyInput { reason: "other".into(), reason_note: note.into() };
    let refused = bench.act(|tx| disqualify(tx, lead.id, 1, other(" "))).unwrap_err();
    assert_eq!(
        (refused.fields()[0].field.as_str(), refused.fields()[0].code),
        ("reason_note", Code::Required)
    );
    let closed = bench.act(|tx| disqualify(tx, lead.id, 1, other("求人だった"))).unwrap();
    let LeadState::Disqualified { disqualified_note, .. } = closed.state else { panic!("{closed:?}") };
    assert_eq!(disqualified_note, "求人だった");
}

#[test]
fn a_call_that_nobody_took_answers_nobody() {
    let bench = Bench::new();
    let lead = bench.act(|tx| enter(tx, LeadInput { source: "web".into(), ..unknown("甲") })).unwrap();
    bench.at("2026-11-23T05:00:00Z");
    let missed = || ContactedInput { outcome: "no_answer".into(), ..called() };
    let tried = bench.act(|tx| contact(tx, lead.id, 1, missed())).unwrap();
    assert_eq!((tried.state.status(), tried.contacted_at), (LeadStatus::New, None));
    assert_eq!(tried.next.as_ref().unwrap().next_action, "電話で仕様を聞く");
    assert_eq!(bench.act(|tx| contacts_of(tx, lead.id)).unwrap().len(), 1);
    assert_eq!(bench.act(waiting).unwrap(), 1, "the meeting looks at it still");
    assert_eq!(bench.act(|tx| day::counts(tx, bench.sales)).unwrap().due, 0, "due tomorrow");

    let mailed = ContactedInput { kind: "mail".into(), ..missed() };
    let answered = bench.act(|tx| contact(tx, lead.id, tried.version, mailed)).unwrap();
    assert_eq!(answered.state.status(), LeadStatus::Contacted);
    assert!(answered.contacted_at.is_some());
    let again = bench.act(|tx| contact(tx, lead.id, answered.version, missed())).unwrap();
    assert_eq!(again.contacted_at, answered.contacted_at, "only the first time counts");
}

#[test]
fn nobody_was_answered_by_closing_what_they_asked() {
    let bench = Bench::new();
    let asked =
        |name| bench.act(|tx| enter(tx, LeadInput { source: "web".into(), ..unknown(name) })).unwrap();
    let (given_up, sold, answered) = (asked("甲"), asked("乙"), asked("丙"));
    let reason = || DisqualifyInput { reason: "no_need".into(), ..DisqualifyInput::default() };
    bench.at("2026-11-24T05:00:00Z");
    let given_up = bench.act(|tx| disqualify(tx, given_up.id, 1, reason())).unwrap();
    bench.act(|tx| convert(tx, sold.id, 1, next())).unwrap();
    let sold = bench.act(|tx| find(tx, sold.id)).unwrap();
    let answered = bench.act(|tx| contact(tx, answered.id, 1, called())).unwrap();
    let answered = bench.act(|tx| disqualify(tx, answered.id, answered.version, reason())).unwrap();
    for closed in [given_up, sold] {
        assert_eq!((closed.answered_after(), closed.closed_unanswered()), (None, true), "{closed:?}");
    }
    assert!(answered.answered_after().is_some() && !answered.closed_unanswered());
}

#[test]
fn a_known_company_and_a_known_person_are_not_entered_twice() {
    let bench = Bench::new();
    let known = LeadInput { company_id: bench.company.to_string().into(), ..input("米子建設") };
    let lead = bench.act(|tx| enter(tx, known)).unwrap();
    let deal = bench.act(|tx| convert(tx, lead.id, 1, next())).unwrap();
    assert_eq!((deal.company_id, deal.contact_id), (bench.company, Some(bench.contact)));
    let other = bench.act(|tx| enter(tx, LeadInput { email: "".into(), ..input("米子建設") })).unwrap();
    let chosen = ConvertInput { company_id: bench.company.to_string().into(), ..next() };
    let deal = bench.act(|tx| convert(tx, other.id, 1, chosen)).unwrap();
    assert_eq!(deal.contact_id, Some(bench.contact), "the same name is the same person");
}

#[test]
fn a_person_is_known_by_their_address_alone_and_in_whatever_characters_their_name_is_written() {
    let bench = Bench::new();
    let nameless = LeadInput { contact_name: "".into(), ..input("米子建設") };
    let lead = bench.act(|tx| enter(tx, nameless)).unwrap();
    let chosen = || ConvertInput { company_id: bench.company.to_string().into(), ..next() };
    let deal = bench.act(|tx| convert(tx, lead.id, 1, chosen())).unwrap();
    assert_eq!(deal.contact_id, Some(bench.contact), "the address is theirs");
    let saito = contacts::ContactInput {
        family_name: "齋藤".into(),
        given_name: "直子".into(),
        ..Default::default()
    };
    let saito = bench.act(|tx| contacts::add(tx, bench.company, saito)).unwrap();
    let named =
        LeadInput {
            contact_name: "斎藤 直子".into(), email: "saito@example.jp".into(), ..input("米子建設")
        };
    let lead = bench.act(|tx| enter(tx, named)).unwrap();
    let deal = bench.act(|tx| convert(tx, lead.id, 1, chosen())).unwrap();
    assert_eq!(deal.contact_id, Some(saito.id));
    let other = LeadInput { email: "other@example.jp".into(), ..input("米子建設") };
    let lead = bench.act(|tx| enter(tx, other)).unwrap();
    let known = vec![Typed::from(bench.contact.to_string())];
    let apart = ConvertInput { apart_from_contacts: known, ..chosen() };
    let deal = bench.act(|tx| convert(tx, lead.id, 1, apart)).unwrap();
    assert!(deal.contact_id.is_some_and(|id| id != bench.contact), "another address is another person");
}

#[test]
fn a_lead_that_is_closed_takes_no_further_step() {
    let bench = Bench::new();
    let lead = bench.act(|tx| enter(tx, input("甲"))).unwrap();
    let reason = || DisqualifyInput { reason: "no_budget".into(), ..DisqualifyInput::default() };
    let closed = bench.act(|tx| disqualify(tx, lead.id, 1, reason())).unwrap();
    let LeadState::Disqualified { disqualified_reason, .. } = closed.state else { panic!("{closed:?}") };
    assert_eq!(disqualified_reason, DisqualifiedReason::NoBudget);
    let again = bench.act(|tx| convert(tx, lead.id, closed.version, next())).unwrap_err();
    assert_eq!(again.code(), Code::Conflict);
    let stale = bench.act(|tx| contact(tx, lead.id, 1, called())).unwrap_err();
    assert_eq!(stale.code(), Code::Stale);
}

#[test]
fn a_conversion_that_fails_leaves_nothing_behind() {
    let bench = Bench::new();
    let lead = bench.act(|tx| enter(tx, unknown("鳥取印刷"))).unwrap();
    let refused = bench.act(|tx| convert(tx, lead.id, 1, ConvertInput::default())).unwrap_err();
    let fields: Vec<_> = refused.fields().iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!((refused.code(), fields), (Code::Invalid, vec!["next_action", "next_action_on"]));
    let found = bench.act(|tx| companies::search(tx, "鳥取", 10)).unwrap();
    assert!(found.is_empty());
    assert_eq!(bench.act(|tx| find(tx, lead.id)).unwrap().state, LeadState::New);
}

#[test]
fn a_company_of_nobody_is_a_wrong_choice() {
    let bench = Bench::new();
    let there = bench.db.town("shiojiri");
    let nowhere = LeadInput { company_id: "999999".into(), ..input("甲") };
    let refused = bench.act(|tx| enter(tx, nowhere)).unwrap_err();
    assert_eq!(refused.fields()[0].field, "company_id");
    let lead = bench.act(|tx| enter(tx, input("甲"))).unwrap();
    let chosen = ConvertInput { company_id: "999999".into(), ..next() };
    let refused = bench.act(|tx| convert(tx, lead.id, 1, chosen)).unwrap_err();
    assert_eq!((refused.code(), refused.fields()[0].field.as_str()), (Code::Invalid, "company_id"));
    let missing = bench.db.acting(there, bench.sales, |tx| contact(tx, lead.id, 1, called())).unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
}

#[test]
fn leads_page_newest_first_by_state_and_those_waiting_are_counted() {
    let bench = Bench::new();
    for name in ["甲", "乙", "丙"] {
        bench.act(|tx| enter(tx, input(name))).unwrap();
    }
    bench.at("2026-11-23T00:00:00Z");
    let last = bench.act(|tx| enter(tx, input("丁"))).unwrap();
    bench.act(|tx| contact(tx, last.id, 1, called())).unwrap();
    assert_eq!(bench.act(waiting).unwrap(), 3);
    let mut paging = Paging::first(2);
    let mut names = Vec::new();
    loop {
        let page = bench.act(|tx| list(tx, None, &paging)).unwrap();
        names.extend(page.items.into_iter().map(|lead| lead.company_name));
        match page.next {
            Some(key) => paging.after = Some(key),
            None => break,
        }
    }
    assert_eq!(names, ["丁", "丙", "乙", "甲"]);
    let new = bench.act(|tx| list(tx, Some(LeadStatus::New), &Paging::first(10))).unwrap();
    assert_eq!(new.items.len(), 3);
}

#[test]
fn whoever_listens_hears_of_a_new_lead() {
    let bench = Bench::new();
    let lead = bench.act(|tx| enter(tx, input("甲"))).unwrap();
    let expected = LeadEntered { lead: lead.id, company_name: "甲".into(), source: LeadSource::Phone };
    assert_eq!(bench.told::<LeadEntered>(), [expected]);
}

#[test]
fn two_characters_of_a_company_or_person_find_a_lead_of_this_town_alone() {
    let bench = Bench::new();
    let (ours, other) = (input("𠮷野商店"), input("宮﨑製作所"));
    let lead = bench.act(|tx| enter(tx, ours.clone())).unwrap();
    bench.act(|tx| enter(tx, other)).unwrap();
    let elsewhere = bench.db.town("shiojiri");
    let stranger = bench.db.person(elsewhere, "Sato", &["sales"]);
    bench.db.acting(elsewhere, stranger, |tx| enter(tx, ours)).unwrap();
    let found = |query: &str| -> Vec<LeadId> {
        bench.act(|tx| search(tx, query, 20)).unwrap().into_iter().map(|lead| lead.id).collect()
    };
    assert_eq!(found("𠮷野"), [lead.id]);
    assert_eq!(found("吉野"), [lead.id], "however the first character is written");
    assert_eq!(found("古野"), []);
    assert_eq!(found("山田").len(), 2, "the person's name counts too");
}

fn inquiry() -> InquiryInput {
    InquiryInput {
        company_name: "鳥取印刷".into(),
        contact_name: "山田 太郎".into(),
        email: "Yamada@example.jp".into(),
        need: "名刺の入力".into(),
        consent: "yes".into(),
        ..InquiryInput::default()
    }
}

fn outside<T>(bench: &Bench, work: impl FnOnce(&mut Tx<'_>) -> Result<T, LeadError>) -> Result<T, LeadError> {
    let scope = kernel::Scope {
        organization: bench.town,
        actor: kernel::Actor::Outside,
        request: kernel::RequestId(1),
    };
    bench.db.app.run_blocking(scope, work)
}

fn receives(bench: &Bench, input: &InquiryInput) -> Result<Lead, LeadError> {
    outside(bench, |tx| admit(tx, Language::En, "192.0.2.1", input))?;
    outside(bench, |tx| receive(tx, Language::En, input))
}

#[test]
fn an_inquiry_is_a_lead_with_a_clock_and_those_overdue_are_listed_longest_first() {
    let bench = Bench::new();
    let lead = receives(&bench, &inquiry()).unwrap();
    // A Sunday; Monday 23 November is a holiday.
    assert_eq!(lead.answer_by, Some("2026-11-25".parse().unwrap()));
    assert_eq!((lead.source, lead.owner_id, lead.inquired_in), (LeadSource::Web, None, Some(Language::En)));
    let told = InquiryReceived { lead: lead.id, language: Language::En, answer_by: lead.answer_by.unwrap() };
    assert_eq!(bench.told::<InquiryReceived>(), [told]);
    let called = bench.act(|tx| enter(tx, input("電話の会社"))).unwrap();
    assert_eq!(called.answer_by, lead.answer_by, "who calls waits for an answer too");
    let found =
        bench.act(|tx| enter(tx, LeadInput { source: "register".into(), ..input("登記の会社") })).unwrap();
    assert_eq!(found.answer_by, None);
    assert_eq!(bench.act(late_count).unwrap(), 0);
    bench.at("2026-11-25T15:00:00Z");
    let mut paging = Paging::first(1);
    let first = bench.act(|tx| late(tx, &paging)).unwrap();
    paging.after = first.next;
    let second = bench.act(|tx| late(tx, &paging)).unwrap();
    let ids: Vec<_> = first.items.iter().chain(&second.items).map(|lead| lead.id).collect();
    assert_eq!((ids, bench.act(late_count).unwrap()), (vec![lead.id, called.id], 2));
    let next = ContactedInput { next_action_on: "2026-11-27".into(), ..self::called() };
    bench.act(|tx| contact(tx, lead.id, 1, next)).unwrap();
    assert_eq!(bench.act(late_count).unwrap(), 1);
}

#[test]
fn who_sends_again_and_again_waits_and_nobody_else_does() {
    let bench = Bench::new();
    for _ in 0..4 {
        receives(&bench, &inquiry()).unwrap();
    }
    let refused = receives(&bench, &inquiry()).unwrap_err();
    assert_eq!(refused.code(), Code::TooManyTries);
    let colleague = InquiryInput { email: "sato@example.jp".into(), ..inquiry() };
    receives(&bench, &colleague).unwrap();
    bench.at("2026-11-22T05:00:05Z");
    receives(&bench, &inquiry()).unwrap();
}

#[test]
fn whose_file_was_refused_may_try_again_at_once_and_a_flood_of_files_waits_where_it_comes_from() {
    let bench = Bench::new();
    let admitted = || outside(&bench, |tx| admit(tx, Language::En, "192.0.2.1", &inquiry()));
    let refused_file = || outside(&bench, |tx| turn_back(tx, Language::En, &inquiry()));
    for _ in 0..20 {
        admitted().unwrap();
        refused_file().unwrap();
    }
    admitted().unwrap();
    refused_file().unwrap();
    for _early in 0..3 {
        assert_eq!(admitted().unwrap_err().code(), Code::TooManyTries, "where they come from");
    }
    bench.at("2026-11-22T05:00:01Z");
    admitted().unwrap();
    outside(&bench, |tx| receive(tx, Language::En, &inquiry())).unwrap();
    let elsewhere = outside(&bench, |tx| admit(tx, Language::En, "198.51.100.7", &inquiry()));
    elsewhere.unwrap();
}

#[test]
fn a_town_without_a_promise_has_no_form() {
    let bench = Bench::new();
    let settings =
        organizations::SettingsInput { name: "立科町".into(), ..organizations::SettingsInput::default() };
    bench.act(|tx| organizations::change_settings(tx, 1, &settings)).unwrap();
    assert_eq!(receives(&bench, &inquiry()).unwrap_err().code(), Code::NotFound);
    assert_eq!(bench.act(|tx| enter(tx, input("甲"))).unwrap().answer_by, None);
}

#[test]
fn a_number_and_an_address_find_a_lead_however_they_are_written() {
    let bench = Bench::new();
    let lead = bench.act(|tx| enter(tx, input("甲"))).unwrap();
    for query in ["０８５９", "+81 859", "yamada@", "ＥＸＡＭＰＬＥ", "田太"] {
        let found = bench.act(|tx| search(tx, query, 20)).unwrap();
        assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [lead.id], "{query}");
    }
}

#[test]
fn a_later_page_is_read_from_where_the_one_before_ended() {
    let bench = Bench::new();
    let many = format!(
        "INSERT INTO leads (organization_id, company_name, source, created_at, answer_by) \
         SELECT {}, 'n', 'web', '2026-11-22T05:00:00Z'::timestamptz - n * interval '1 hour', '2026-11-30'::date - n FROM generate_series(1, 3000) n",
        bench.town
    );
    diesel::sql_query(many).execute(&mut bench.db.owner()).unwrap();
    diesel::sql_query("ANALYZE leads").execute(&mut bench.db.owner()).unwrap();
    let plans = bench.act(lists::explaining::plans).unwrap();
    for (plan, bound) in plans.iter().zip(["created_at <=", "created_at <=", "answer_by >="]) {
        let reads = |line: &str| line.contains("Index Cond") && line.contains(bound);
        assert!(plan.lines().any(reads) && !plan.contains("Sort"), "{plan}");
    }
    let in_turn = |plan: &String| plan.contains("leads_in_turn") && !plan.contains("Sort");
    assert!(plans.len() == 5 && plans.iter().skip(3).all(in_turn), "{plans:?}");
}

#[test]
fn whoever_asked_before_it_was_entered_waits_for_an_answer_from_then_on() {
    let bench = Bench::new();
    let asked = |day: &str| LeadInput { asked_on: day.into(), ..input("鳥取印刷") };
    let tomorrow = bench.act(|tx| enter(tx, asked("2026-11-23"))).unwrap_err();
    assert_eq!((tomorrow.fields()[0].field.as_str(), tomorrow.fields()[0].code), ("asked_on", Code::TooLate));
    // On a Wednesday; it is entered on the Sunday after, and answered on Tuesday at ten, after a holiday.
    let lead = bench.act(|tx| enter(tx, asked("2026-11-18"))).unwrap();
    assert_eq!(lead.answer_by, Some("2026-11-20".parse().unwrap()));
    assert_eq!(bench.act(late_count).unwrap(), 1);
    bench.at("2026-11-24T01:00:00Z");
    let answered = bench.act(|tx| contact(tx, lead.id, lead.version, called())).unwrap();
    let office_day = 525;
    assert_eq!(answered.answered_after(), Some(chrono::TimeDelta::minutes(3 * office_day + 90)));
    let better = LeadInput { asked_on: "2026-11-19".into(), ..LeadInput::from(&answered) };
    let corrected = bench.act(|tx| correct(tx, lead.id, answered.version, &better)).unwrap();
    assert_eq!(corrected.answered_after(), Some(chrono::TimeDelta::minutes(2 * office_day + 90)));
    assert_eq!(corrected.answer_by, lead.answer_by, "what was promised stays promised");
    let unsaid = LeadInput { asked_on: "".into(), ..better };
    let unsaid = bench.act(|tx| correct(tx, lead.id, corrected.version, &unsaid)).unwrap();
    assert_eq!(unsaid.asked_on, None);
}

#[test]
fn what_was_entered_is_corrected_until_the_lead_is_closed() {
    let bench = Bench::new();
    let lead = bench.act(|tx| enter(tx, input("鳥取印刷"))).unwrap();
    let better =
        LeadInput {
            company_name: "鳥取印刷株式会社".into(), owner_id: "".into(), ..LeadInput::from(&lead)
        };
    let corrected = bench.act(|tx| correct(tx, lead.id, lead.version, &better)).unwrap();
    assert_eq!((corrected.company_name.as_str(), corrected.owner_id), ("鳥取印刷株式会社", lead.owner_id));
    let late = bench.act(|tx| correct(tx, lead.id, lead.version, &better)).unwrap_err();
    assert_eq!(late.code(), Code::Stale);
    let nameless = LeadInput { company_name: "".into(), ..better.clone() };
    let nameless = bench.act(|tx| correct(tx, lead.id, corrected.version, &nameless)).unwrap_err();
    assert_eq!(nameless.fields()[0].field, "company_name");
    let reason = DisqualifyInput { reason: "no_need".into(), ..DisqualifyInput::default() };
    let closed = bench.act(|tx| disqualify(tx, lead.id, corrected.version, reason)).unwrap();
    let refused = bench.act(|tx| correct(tx, lead.id, closed.version, &better)).unwrap_err();
    assert_eq!(refused.code(), Code::Conflict);
}

#[test]
fn only_a_colleague_who_sells_looks_after_a_lead_and_the_deal_it_becomes() {
    let bench = Bench::new();
    let worker = bench.db.person(bench.town, "Yamada", &["worker"]);
    let theirs =
        |owner: PersonId| LeadInput { owner_id: owner.to_string().into(), ..unknown("鳥取印刷") };
    let entered = bench.act(|tx| enter(tx, theirs(worker))).unwrap_err();
    assert_eq!(entered.fields()[0].field, "owner_id");
    let lead = bench.act(|tx| enter(tx, theirs(bench.colleague))).unwrap();
    let given = bench.act(|tx| correct(tx, lead.id, lead.version, &theirs(worker))).unwrap_err();
    assert_eq!(given.fields()[0].field, "owner_id");
    bench.act(|tx| persons::disable(tx, bench.colleague)).unwrap();
    let kept = bench.act(|tx| correct(tx, lead.id, lead.version, &theirs(bench.colleague))).unwrap();
    let deal = bench.act(|tx| convert(tx, kept.id, kept.version, next())).unwrap();
    assert_eq!(deal.owner_id, bench.sales, "who turns it into a deal takes it on");
}
