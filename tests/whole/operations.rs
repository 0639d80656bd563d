//! The operators' page of background tasks, with something of everything on it.

use diesel::connection::SimpleConnection as _;

use super::pages::check;
use super::world::World;

/// Of a kind that no process knows, so that nobody runs them while they are looked at.
const LEFT_BEHIND: &str = "
WITH town AS (SELECT id FROM organizations WHERE slug = 'demo'),
    batch AS (INSERT INTO task_batches (organization_id, callback_kind, callback_priority, callback_attempts,
        callback_payload, size) SELECT id, 'of.tomorrow/callback', 2, 1, '{}', 5 FROM town RETURNING organization_id, id),
    waiting AS (INSERT INTO tasks (organization_id, kind, max_attempts, state, run_at, batch_id, payload)
        SELECT organization_id, 'of.tomorrow/member', 1, 'scheduled', now() + interval '1 year', id, '{}' FROM batch),
    running AS (INSERT INTO tasks (organization_id, kind, max_attempts, state, lease, lease_until, payload)
        SELECT id, 'of.tomorrow/long', 1, 'running', 1, now() + interval '1 year', '{}' FROM town
        RETURNING organization_id, id),
    told AS (INSERT INTO task_progress (organization_id, task_id, done, total)
        SELECT organization_id, id, 1234, 5678 FROM running)
INSERT INTO tasks (organization_id, kind, max_attempts, state, attempt, cause, payload)
SELECT id, 'of.tomorrow/stuck', 3, 'dead', 3, 'order # is <b>not</b> there', '{}' FROM town, generate_series(1, 3)";

const TIDIED: &str = "DELETE FROM tasks WHERE kind LIKE 'of.tomorrow/%';
DELETE FROM task_batches WHERE callback_kind LIKE 'of.tomorrow/%'; DELETE FROM task_pauses WHERE kind LIKE 'of.tomorrow/%'";

#[test]
fn operators_see_what_is_stuck_paused_long_and_together_and_steer_it() {
    let world = World::shared();
    let mut owner = world.owner();
    owner.batch_execute(LEFT_BEHIND).unwrap();
    let admin = world.enters(&world.newcomer("admin"));
    for language in ["en", "ja"] {
        admin.submit("/me", "/me/preferences", &[("lang", language), ("back", "/")]);
        let page = admin.get("/tasks");
        check(&page, "/tasks", language);
        for shown in ["order # is &lt;b&gt;not&lt;/b&gt; there", "1,234 / 5,678", "of.tomorrow/callback"] {
            assert!(page.body.contains(shown), "{shown} in {language}: {}", page.body);
        }
    }
    let (kind, cause) = (("kind", "of.tomorrow/stuck"), ("cause", "order # is <b>not</b> there"));
    let other_cause = ("cause", "something else");
    let token = admin.get("/tasks").csrf();
    let post = |path: &str, fields: &[(&str, &str)]| {
        admin.post(path, &[&[("csrf", token.as_str())], fields].concat())
    };
    assert_eq!(post("/tasks/redrive", &[kind, other_cause]).status, 404);
    assert_eq!(post("/tasks/redrive", &[kind, cause]).status, 303);
    assert_eq!(post("/tasks/redrive", &[kind, cause]).status, 404, "none of them is stuck any more");
    assert_eq!(post("/tasks/pause", &[]).status, 404);
    assert_eq!(post("/tasks/pause", &[kind]).status, 303);
    let paused = "name=\"kind\" value=\"of.tomorrow/stuck\"";
    let page = admin.get("/tasks");
    check(&page, "/tasks", "ja");
    assert!(page.body.contains(paused) && page.body.contains("/tasks/resume"), "{}", page.body);
    assert_eq!(post("/tasks/resume", &[kind]).status, 303);
    assert_eq!(post("/tasks/resume", &[kind]).status, 404);
    assert!(!admin.get("/tasks").body.contains("/tasks/resume"));
    owner.batch_execute(TIDIED).unwrap();
}
