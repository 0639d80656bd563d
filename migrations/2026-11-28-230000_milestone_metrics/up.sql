-- Why: people who work, pay to residents and the own share are targets of the town, and no milestone could be bound to them.

SET LOCAL lock_timeout = '2s';

ALTER TABLE milestones DROP CONSTRAINT milestones_metric_check;
ALTER TABLE milestones ADD CONSTRAINT milestones_metric_check
    CHECK (metric IN ('orders_yen', 'new_clients', 'calls', 'visits', 'own_share', 'active_workers', 'paid_to_residents'));
