-- Why: /readyz compares the migrations that have run with those the program needs, through the queue role's door.

SET LOCAL lock_timeout = '2s';

GRANT SELECT ON __diesel_schema_migrations TO yui_queue;
