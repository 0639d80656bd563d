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
}
