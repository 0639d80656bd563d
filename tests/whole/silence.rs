//! A client's silence, played by the running program: what it accepts goes by what became of the reminder's mail.

use std::cell::RefCell;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::mail_contract::wait_until;
use super::world::World;

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// A delivery of the demo town that waits for its client, under terms by which silence accepts it, after its last day.
struct Silent {
    owner: RefCell<PgConnection>,
    delivery: i64,
}

impl Silent {
    fn of(world: &World) -> Self {
        let mut owner = world.owner();
        let waiting: Number = diesel::sql_query(
            "SELECT d.id AS number FROM deliveries d JOIN organizations t ON t.id = d.organization_id \
             JOIN orders o ON o.id = d.order_id JOIN contacts c ON c.id = d.contact_id \
             WHERE t.slug = 'demo' AND d.state = 'sent' AND o.state = 'running' AND c.email IS NOT NULL \
                 AND EXISTS (SELECT FROM delivery_links l WHERE l.delivery_id = d.id \
                     AND l.revoked_at IS NULL AND l.expires_at > now()) \
                 AND NOT EXISTS (SELECT FROM client_questions q WHERE q.delivery_id = d.id) \
                 AND NOT EXISTS (SELECT FROM delivery_accesses a WHERE a.delivery_id = d.id AND a.kind = 'reminded') \
             ORDER BY d.id LIMIT 1",
        )
        .get_result(&mut owner)
        .unwrap();
        let silent = Self { owner: RefCell::new(owner), delivery: waiting.number };
        silent.sql(
            "UPDATE deliveries SET silence_accepts = true, inspect_until = current_date - 2 WHERE id = $; \
             UPDATE delivery_links SET created_at = created_at - interval '90 days' WHERE delivery_id = $",
        );
        silent
    }

    /// As the owner of the tables; `$` is the delivery.
    fn sql(&self, statements: &str) {
        let statements = statements.replace('$', &self.delivery.to_string());
        self.owner.borrow_mut().batch_execute(&statements).unwrap();
    }

    fn number(&self, sql: &str) -> i64 {
        let sql = sql.replace('$', &self.delivery.to_string());
        diesel::sql_query(sql).get_result::<Number>(&mut *self.owner.borrow_mut()).unwrap().number
    }

    /// The morning's look at deliveries that wait for their client; ten days after what came before.
    fn ten_days_later(&self) {
        self.sql(
            "UPDATE delivery_accesses SET happened_at = happened_at - interval '10 days' WHERE delivery_id = $; \
             UPDATE messages SET created_at = created_at - interval '10 days', ended_at = ended_at - interval '10 days' \
             WHERE concerns = 'delivery:$'",
        );
        let task = self.number(
            "INSERT INTO tasks (organization_id, kind, max_attempts, payload) \
             SELECT id, 'deliveries.silence', 20, '{}' FROM organizations WHERE slug = 'demo' RETURNING id AS number",
        );
        let left = format!("SELECT count(*) AS number FROM tasks WHERE id = {task}");
        wait_until("deliveries were looked after", || self.number(&left) == 0);
    }

    /// How many reminders were made, each of whose mails has left by now.
    fn reminded(&self) -> i64 {
        let noted =
            "SELECT count(*) AS number FROM delivery_accesses WHERE delivery_id = $ AND kind = 'reminded'";
        let left = "SELECT count(*) AS number FROM messages WHERE concerns = 'delivery:$' \
             AND template = 'delivery_reminded' AND state IN ('accepted', 'expired')";
        let noted = self.number(noted);
        wait_until("every reminder's mail has left", || self.number(left) == noted);
        noted
    }

    fn is_answered(&self) -> bool {
        self.number("SELECT count(*) AS number FROM deliveries WHERE id = $ AND state = 'answered'") == 1
    }
}

#[test]
fn silence_accepts_only_where_the_reminder_came_to_the_address_that_the_client_has_now() {
    let world = World::start("silence");
    let silent = Silent::of(&world);
    silent.ten_days_later();
    assert_eq!((silent.reminded(), silent.is_answered()), (1, false));
    silent.sql(
        "UPDATE messages SET state = 'expired' WHERE concerns = 'delivery:$' AND template = 'delivery_reminded'",
    );
    silent.ten_days_later();
    assert_eq!((silent.reminded(), silent.is_answered()), (2, false), "the relay was down: it never left");
    silent.sql(
        "UPDATE contacts SET email = 'atarashii@client.example' \
         WHERE id = (SELECT contact_id FROM deliveries WHERE id = $)",
    );
    silent.ten_days_later();
    assert_eq!((silent.reminded(), silent.is_answered()), (3, false), "it went to another address");
    silent.ten_days_later();
    assert_eq!((silent.reminded(), silent.is_answered()), (3, true));
    world.stop();
}
