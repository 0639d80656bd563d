//! A town's own words: what they may say, what they must, and what becomes of them.

use kernel::Scope;
use mail_parser::MessageParser;

use super::*;
use crate::fixture::{Bench, to};
use crate::mails::{Mail, Part, Place, UnitReturned, WorkOffered};

fn offered() -> &'static Kind {
    Kind::named(WorkOffered::NAME).unwrap()
}

fn input(subject: &str, body: &str) -> TextInput {
    TextInput { subject: subject.into(), body: body.into() }
}

const FULL: &str = "{{ recipient }}さん、こんにちは。\n\n{{ mail.title }}、{{ mail.unit_pay }}、{{ mail.deadline }}まで。\n\n見る：\n{{ mail.link }}";

fn written(bench: &Bench, kind: &Kind, input: &TextInput) -> Result<i32, TextError> {
    bench
        .db
        .app
        .run_blocking(Scope::system(bench.town), |tx| write(tx, &bench.outbox, kind, Language::Ja, input))
}

#[test]
fn a_towns_own_words_are_used_from_the_next_mail_on_and_can_be_taken_back() {
    let bench = Bench::new();
    let before = bench.queue_mail(WorkOffered::sample(Language::Ja), to("a"));
    assert_eq!(written(&bench, offered(), &input("お仕事：{{ mail.title }}", FULL)).unwrap(), 1);
    let mail = WorkOffered { title: "<b>写真</b>".to_owned(), ..WorkOffered::sample(Language::Ja) };
    let id = bench.queue_mail(mail, to("a"));
    let message = bench.find(id);
    assert_eq!((message.summary.subject.as_str(), message.text_version), ("お仕事：<b>写真</b>", Some(1)));
    assert_eq!(bench.find(before).text_version, None, "what is queued keeps its words");
    let bytes = bench.frozen(id);
    let parsed = MessageParser::default().parse(&bytes).unwrap();
    let (text, html) = (parsed.body_text(0).unwrap(), parsed.body_html(0).unwrap());
    assert!(text.starts_with("山田 太郎さん、こんにちは。") && text.contains("-- \r\n"), "{text}");
    assert!(html.contains("&lt;b&gt;写真&lt;/b&gt;") && !html.contains("<b>写真"), "{html}");
    assert!(
        html.contains("class=\"button\" href=\"https://yui.example/offers/12\"")
            && html.contains(">見る</a>")
    );

    let english =
        bench.queue_mail(WorkOffered::sample(Language::En), Recipient { language: Language::En, ..to("b") });
    assert_eq!(bench.find(english).text_version, None, "each language has its own");
    bench
        .db
        .app
        .run_blocking::<_, TextError, _>(Scope::system(bench.town), |tx| {
            assert_eq!(changed(tx)?, [("work_offered".to_owned(), Language::Ja)]);
            reset(tx, offered(), Language::Ja)?;
            assert_eq!(current(tx, WorkOffered::NAME, Language::Ja)?, None);
            assert_eq!(history(tx, WorkOffered::NAME, Language::Ja)?.len(), 2);
            assert_eq!(changed(tx)?, []);
            Ok(())
        })
        .unwrap();
}

/// T4, T26: what does not render, runs away, reaches out or leaves out the point is refused with a reason.
#[test]
fn t26_a_wording_that_cannot_be_sent_is_not_kept() {
    let bench = Bench::new();
    let full = |extra: &str| format!("{FULL}\n{extra}");
    for (subject, body, why) in [
        ("x", full("{{ mail.nothing }}"), "undefined"),
        ("x", full("{{ mail.title | safe }}"), "safe"),
        ("x", full("{% include \"layout.html\" %}"), "template"),
        ("x", full("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"), "fuel"),
        ("x", full("{{ \"x\" * 90000 }}"), "too long"),
        ("{{", full(""), "syntax"),
        ("x", FULL.replace("{{ mail.link }}", ""), "mail.link"),
        ("x", FULL.replace("{{ mail.unit_pay }}", ""), "mail.unit_pay"),
    ] {
        let refused = written(&bench, offered(), &input(subject, &body)).unwrap_err();
        assert!(refused.to_string().contains(why), "{why}: {refused}");
    }
    for (extra, why) in [
        ("{{ mail.nothing }}", WordingFault::UnknownField("mail.nothing".to_owned())),
        (
            "{% if mail.unit_pay == \"\" %}{{ mail.none }}{% endif %}",
            WordingFault::UnknownField("mail.none".to_owned()),
        ),
        ("{{ title }}", WordingFault::UnknownField("title".to_owned())),
        ("{{ town.mayor }}", WordingFault::UnknownField("town.mayor".to_owned())),
        ("{% if %}", WordingFault::Syntax(Place { part: Part::Body, line: 7 })),
    ] {
        let refused = written(&bench, offered(), &input("x", &full(extra))).unwrap_err();
        assert!(matches!(&refused, TextError::Wording(fault) if *fault == why), "{why}: {refused:?}");
    }
    let empty = written(&bench, offered(), &input("", "")).unwrap_err();
    assert_eq!(empty.fields().len(), 2);
    assert!(bench.db.arrange(bench.town, |tx| history(tx, WorkOffered::NAME, Language::Ja)).is_empty());
}

/// Every field of every mail can be shown, or is refused by its name with what to do instead.
#[test]
fn each_field_is_a_text_or_is_refused_by_name() {
    let bench = Bench::new();
    let mut refused = Vec::new();
    for kind in crate::mails::KINDS {
        let shown = |name: &&str| format!("{{{{ mail.{name} }}}}");
        let all = kind.required().iter().map(shown).collect::<Vec<_>>().join("\n");
        for name in kind.fields() {
            let body = format!("{all}\n<{{{{ mail.{name} }}}}>");
            let town = Town::sample(Language::Ja);
            let own = OwnWords { subject: "x".to_owned(), body };
            match kind.preview_of(&bench.outbox, &town, Language::Ja, Some(&own)) {
                Ok(shown) => assert!(!shown.text.contains("<true>") && !shown.text.contains("<[")),
                Err(TemplateError::Wording(WordingFault::NotText(field) | WordingFault::IsList(field))) => {
                    refused.push(field);
                }
                Err(other) => panic!("{}: {name}: {other}", kind.name),
            }
        }
    }
    let not_texts = [
        "mail.offers",
        "mail.was_asked",
        "mail.is_coaching",
        "mail.not_your_fault",
        "mail.is_yours",
        "mail.is_return",
        "mail.is_return",
        "mail.is_newer",
        "mail.is_last",
        "mail.is_own",
        "mail.is_rule",
        "mail.not_your_fault",
        "mail.silence_accepts",
        "mail.silence_accepts",
        "mail.targets",
        "mail.things",
        "mail.fits_nobody",
    ];
    assert_eq!(refused, not_texts);
}

/// T26: a mail is not lost because a wording fails with just its fields.
#[test]
fn t26_a_wording_that_fails_after_all_gives_way_to_the_shipped_one() {
    let bench = Bench::new();
    let body = format!("{FULL}{{% if mail.unit_pay == \"7円\" %}}{{{{ 1 + \"x\" }}}}{{% endif %}}");
    assert_eq!(written(&bench, offered(), &input("x", &body)).unwrap(), 1);
    let mail = WorkOffered { unit_pay: "7円".to_owned(), ..WorkOffered::sample(Language::Ja) };
    let message = bench.find(bench.queue_mail(mail, to("a")));
    assert_eq!(message.text_version, None);
    assert!(message.summary.subject.starts_with("新しい仕事があります"), "{}", message.summary.subject);
}

#[test]
fn the_shipped_words_are_a_wording_one_can_begin_with() {
    let bench = Bench::new();
    for kind in crate::mails::KINDS {
        for language in Language::ALL.iter().copied() {
            let words = kind.shipped(&bench.outbox, language);
            let input = TextInput::of(&words);
            let shown = bench.db.app.run_blocking::<_, TextError, _>(Scope::system(bench.town), |tx| {
                let own = preview(tx, &bench.outbox, kind, language, &input)?;
                let town = Town::of(&accounts::organizations::find(tx)?);
                let ours = kind.preview(&bench.outbox, &town, language).unwrap();
                Ok((own, ours))
            });
            let (own, ours) = shown.unwrap_or_else(|error| panic!("{} {language}: {error}", kind.name));
            assert_eq!(own.subject, ours.subject, "{} {language}", kind.name);
            assert_eq!(own.text.trim(), ours.text.trim(), "{} {language}", kind.name);
        }
    }
}

#[test]
fn a_trial_goes_to_whoever_asked_and_says_so() {
    let bench = Bench::new();
    let admin = bench.db.person(bench.town, "Admin", &["admin"]);
    let kind = Kind::named(UnitReturned::NAME).unwrap();
    let words = TextInput::of(&kind.shipped(&bench.outbox, Language::Ja));
    let sent: Result<MessageId, TextError> =
        bench.db.acting(bench.town, admin, |tx| send_to_me(tx, &bench.outbox, kind, Language::Ja, &words));
    let message = bench.find(sent.unwrap());
    assert_eq!(message.summary.to_address.as_str(), "admin@example.jp");
    assert!(message.summary.subject.starts_with("【試し送り】"), "{}", message.summary.subject);
    assert_eq!(message.not_before, bench.now());
}
