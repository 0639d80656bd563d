//! Which facts other people's programs are told of, and what of them: ids and counts, never names, texts or amounts. Whoever
//! wants more reads it through the API, with a token that may.

use accounts::LinkKey;
use fulfillment::events::{DeliveryAnswered, DeliverySent, OrderAccepted, OrderOpened};
use notifier::smtp::Trust;
use notifier::webhooks::{self, Happened, Reach};
use queue::{Event, Registry};
use sales::events::DealWon;
use serde_json::{Value, json};

/// Registers who listens, and the task that posts.
pub(crate) fn register(registry: &mut Registry, key: LinkKey, reach: Reach, trust: Trust) {
    webhooks::register(registry, key, reach, trust);
    tell::<DealWon>(
        registry,
        Happened::DealWon,
        |fact| json!({ "deal_id": fact.deal, "quote_id": fact.quote, "company_id": fact.company }),
    );
    tell::<OrderOpened>(
        registry,
        Happened::OrderOpened,
        |fact| json!({ "order_id": fact.order, "deal_id": fact.deal, "company_id": fact.company }),
    );
    tell::<DeliverySent>(
        registry,
        Happened::DeliverySent,
        |fact| json!({ "delivery_id": fact.delivery, "order_id": fact.order, "units": fact.count }),
    );
    tell::<DeliveryAnswered>(registry, Happened::DeliveryAnswered, |fact| {
        json!({
            "delivery_id": fact.delivery, "order_id": fact.order,
            "accepted": fact.accepted, "to_fix": fact.fixes.len(),
        })
    });
    tell::<OrderAccepted>(
        registry,
        Happened::OrderAccepted,
        |fact| json!({ "order_id": fact.order, "deal_id": fact.deal, "company_id": fact.company }),
    );
}

fn tell<E: Event>(registry: &mut Registry, kind: Happened, data: fn(&E) -> Value) {
    registry.subscribe::<E>("webhooks", move |tx, delivered| {
        Ok(webhooks::announce(tx, delivered.event.id, kind, &data(&delivered.fact))?)
    });
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use db::testing::TestDb;
    use kernel::{CompanyId, DealId, OrderId, Paging, Yen};
    use notifier::webhooks::{Deliver, EndpointInput};
    use queue::testing::TestTasks;

    use super::*;

    /// What a program hears of a fact that is full of words.
    #[test]
    fn a_program_is_told_ids_and_counts_and_no_word_of_the_fact() {
        let db = TestDb::new();
        let town = db.town("tateshina");
        let admin = db.person(town, "Yamada", &["admin"]);
        let key = LinkKey::generate();
        let mut registry = Registry::new();
        register(&mut registry, key.clone(), Reach::Public, Trust::public().unwrap());
        let tasks = TestTasks::new(&db, registry).leave(1);
        let input = EndpointInput {
            // No such name is ever given out (RFC 2606): the message stays where it can be looked at.
            url: "https://hooks.invalid/".into(),
            kinds: vec!["order.opened".into()],
            note: "".into(),
        };
        let endpoint = db.acting(town, admin, |tx| webhooks::add(tx, &key, Reach::Public, &input)).unwrap().0;
        let fact = OrderOpened {
            order: OrderId(3),
            deal: DealId(2),
            company: CompanyId(1),
            title: "山田様の名刺".to_owned(),
            amount: Yen(98_765),
            due_on: "2026-12-01".parse().unwrap(),
        };
        db.arrange(town, |tx| queue::record(tx, &fact).map(|_event| ()));
        tasks.run_all();
        let told = db.arrange(town, |tx| webhooks::deliveries(tx, endpoint.id, &Paging::first(10))).items;
        assert_eq!(told.iter().map(|one| one.kind).collect::<Vec<_>>(), [Happened::OrderOpened]);
        let body = db.arrange(town, |tx| webhooks::body_of(tx, told[0].id));
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["data"], json!({ "order_id": 3, "deal_id": 2, "company_id": 1 }));
        assert_eq!(body["type"], "order.opened");
        assert_eq!(<Deliver as queue::Task>::KIND, "webhooks.deliver");
    }

    /// A fact as it stands in the database.
    fn stated<E: Event>(mut fact: Value) -> E {
        let usual = json!({
            "deal": 2, "quote": 4, "company": 1, "contact": 5, "order": 3, "delivery": 6, "number": 1, "link": 7,
            "title": "名刺", "order_title": "名刺", "message": "", "client_terms": "", "amount": 10, "language": "ja",
            "due_on": "2026-12-01", "inspect_until": "2026-12-10", "link_issued_at": "2026-11-28T00:00:00Z",
            "answered_at": "2026-11-28T00:00:00Z", "won_by": 8, "sent_by": 8, "lines": [], "fixes": [],
        });
        let own = usual.as_object().unwrap().clone();
        let fact_of = fact.as_object_mut().unwrap();
        for (name, value) in own {
            fact_of.entry(name).or_insert(value);
        }
        serde_json::from_value(fact).unwrap()
    }

    #[test]
    fn what_programs_are_told_is_what_the_description_says() {
        let db = TestDb::new();
        let town = db.town("tateshina");
        let admin = db.person(town, "Yamada", &["admin"]);
        let key = LinkKey::generate();
        let mut registry = Registry::new();
        register(&mut registry, key.clone(), Reach::Public, Trust::public().unwrap());
        let tasks = TestTasks::new(&db, registry).leave(5);
        let kinds = Happened::CHOICES.iter().map(|kind| kind.as_str().into()).collect();
        let input = EndpointInput { url: "https://hooks.invalid/".into(), kinds, note: "".into() };
        let endpoint = db.acting(town, admin, |tx| webhooks::add(tx, &key, Reach::Public, &input)).unwrap().0;
        db.arrange(town, |tx| {
            queue::record(tx, &stated::<DealWon>(json!({})))?;
            queue::record(tx, &stated::<OrderOpened>(json!({})))?;
            let share = json!({ "of": 3, "rest": 0, "due_on": "2026-12-01" });
            queue::record(tx, &stated::<DeliverySent>(json!({ "count": 3, "share": share })))?;
            queue::record(tx, &stated::<DeliveryAnswered>(json!({ "name": "佐藤", "accepted": 3 })))?;
            queue::record(tx, &stated::<OrderAccepted>(json!({})))
        });
        tasks.run_all();
        let described: Value = serde_json::from_str(&web::openapi()).unwrap();
        let told = db.arrange(town, |tx| webhooks::deliveries(tx, endpoint.id, &Paging::first(10))).items;
        assert_eq!(told.len(), Happened::CHOICES.len());
        for one in told {
            let body: Value =
                serde_json::from_str(&db.arrange(town, |tx| webhooks::body_of(tx, one.id))).unwrap();
            let place = "post/requestBody/content/application~1json/schema/properties/data/required";
            let named = described.pointer(&format!("/webhooks/{}/{place}", one.kind)).unwrap();
            let named: BTreeSet<&str> = named.as_array().unwrap().iter().filter_map(Value::as_str).collect();
            let said: BTreeSet<&str> = body["data"].as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(said, named, "{}", one.kind);
        }
    }
}
