//! Hours and promised days of the demo town, read as its coordinator reads them and counted again in its tables.

use std::time::Instant;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::pages::check;
use super::world::{PATIENCE, Person, World};

#[derive(QueryableByName)]
struct Looked {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = BigInt)]
    late: i64,
    #[diesel(sql_type = Nullable<Text>)]
    day: Option<String>,
    #[diesel(sql_type = BigInt)]
    promises: i64,
}

/// Every open order of the demo with how it was reckoned; none where not all of them were.
fn looked(owner: &mut PgConnection) -> Vec<Looked> {
    let rows: Vec<Looked> = diesel::sql_query(
        "SELECT o.id, o.title, COALESCE(l.late_permille, -1)::bigint AS late, to_char(l.promised_on, 'YYYY-MM-DD') AS day, \
             (SELECT count(*) FROM order_promises p \
                 WHERE p.organization_id = o.organization_id AND p.order_id = o.id) AS promises \
         FROM orders o LEFT JOIN order_outlooks l ON l.organization_id = o.organization_id AND l.order_id = o.id \
         WHERE o.state IN ('draft', 'running') AND o.organization_id = (SELECT min(id) FROM organizations) ORDER BY o.id",
    )
    .load(owner)
    .unwrap();
    if rows.iter().any(|row| row.late < 0) { Vec::new() } else { rows }
}

#[test]
fn every_open_order_is_reckoned_and_those_at_risk_are_listed() {
    let world = World::start("capacity");
    let (coordinator, mut owner) = (world.signed_in("coordinator"), world.owner());
    coordinator.submit("/capacity", "/capacity/reckon", &[]);
    let until = Instant::now() + PATIENCE;
    let orders = loop {
        let orders = looked(&mut owner);
        if !orders.is_empty() {
            break orders;
        }
        assert!(Instant::now() < until, "not every open order was reckoned");
        crate::whole::world::a_moment();
    };
    let page = coordinator.get("/capacity");
    check(&page, "/capacity", "ja");
    assert_eq!(page.body.matches("class=\"chart__goal\"").count(), 13, "a line of four fifths for each week");
    let list = page.body.split("id=\"at-risk\"").nth(1).unwrap();
    assert!(list.contains("class=\"chart__goal\""), "what is at risk comes before the weeks");
    let on_time = coordinator.get("/orders?schedule=on_time").body.replace("&#x2f;", "/");
    for order in &orders {
        let is_green = on_time.contains(&format!("href=\"/orders/{}\"", order.id));
        assert!(!is_green || order.late <= 150, "{} is likely late and on schedule at once", order.title);
        assert!(order.promises >= 1, "{} was promised", order.title);
        let listed = list.contains(&format!("id=\"order-{}\"", order.id));
        assert_eq!(listed, order.late > 150, "{} is late in {} of 1000 runs", order.title, order.late);
        let own = coordinator.get(&format!("/orders/{}", order.id));
        check(&own, "/orders/{id}", "ja");
        let ways = own.body.replace("&#x2f;", "/").matches("href=\"/capacity\"").count();
        assert_eq!(ways, 2, "{}: the rail and its own days lead to all hours and days", order.title);
        let days = own.body.split("納期の見通し").nth(1).unwrap();
        let year = order.day.as_deref().map(|day| format!("{}年", &day[..4]));
        assert!(year.is_none_or(|year| days.contains(&year)), "{}: {:?} in {days}", order.title, order.day);
        let history = format!("/orders/{}/promises", order.id);
        let kept = coordinator.get(&history);
        check(&kept, &history, "ja");
        assert!(kept.body.contains("最初の計算"), "{}", kept.body);
    }
    assert!(page.body.contains("に計算しました。"), "the list says when it was reckoned");
    a_moved_day_is_said_and_reckoned_anew(&coordinator, &mut owner, orders.first().unwrap().id);
    changed_hours_are_reckoned_with_together(&world, &mut owner);
    let sales = world.signed_in("sales");
    assert_eq!(sales.get("/capacity").status, 403, "hours of people are coordination's");
    world.stop();
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn counted(owner: &mut PgConnection, sql: &str) -> i64 {
    diesel::sql_query(sql).get_result::<Counted>(owner).unwrap().count
}

/// However often somebody taps, everything is reckoned once; twice where the minutes that are gathered end between two taps.
fn changed_hours_are_reckoned_with_together(world: &World, owner: &mut PgConnection) {
    let worker = world.signed_in("worker");
    let taps = || {
        worker.submit("/my-hours", "/my-hours/off-today", &[]);
        worker.submit("/my-hours", "/my-hours/back-today", &[]);
    };
    let waiting =
        "SELECT count(*) AS count FROM tasks WHERE kind = 'promises.reckon' AND state = 'scheduled'";
    assert_eq!(counted(owner, waiting), 0);
    for _time in 0..3 {
        taps();
    }
    let waits = counted(owner, waiting);
    assert!((1..=2).contains(&waits), "{waits} tasks wait");
    let last = "SELECT (extract(epoch FROM max(reckoned_at)) * 1000000)::bigint AS count FROM order_outlooks";
    let before = counted(owner, last);
    let now =
        "UPDATE tasks SET run_at = clock_timestamp() WHERE kind = 'promises.reckon' AND state = 'scheduled'";
    diesel::sql_query(now).execute(owner).unwrap();
    taps();
    let until = Instant::now() + PATIENCE;
    while counted(owner, last) == before {
        assert!(Instant::now() < until, "nobody reckoned with the changed hours");
        crate::whole::world::a_moment();
    }
}

fn a_moved_day_is_said_and_reckoned_anew(coordinator: &Person, owner: &mut PgConnection, order: i64) {
    // As if its day had been another when it was reckoned, and nobody had reckoned since.
    let other = format!(
        "UPDATE order_outlooks SET due_on = due_on - 1, late_permille = 1000 WHERE order_id = {order}"
    );
    diesel::sql_query(other).execute(owner).unwrap();
    for page in ["/capacity".to_owned(), format!("/orders/{order}")] {
        let body = coordinator.get(&page).body;
        assert!(body.contains("計算し直しています"), "{page}: {body}");
    }
    let form = format!("/orders/{order}/due");
    let fields = [("due_on", "2099-03-31"), ("agreement", "電話で合意")];
    coordinator.submit(&form, &form, &fields);
    let until = Instant::now() + PATIENCE;
    loop {
        let body = coordinator.get("/capacity").body;
        if !body.contains("計算し直しています") {
            break;
        }
        assert!(Instant::now() < until, "nobody reckoned anew: {body}");
        crate::whole::world::a_moment();
    }
}
