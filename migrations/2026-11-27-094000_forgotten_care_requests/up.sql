-- Why: a year after somebody left, what they asked consideration for stayed for ever, though the page said that nothing of it would.

SET LOCAL lock_timeout = '2s';

-- Only of who has left; when, the one verb that does it decides (workforce::forget).
GRANT DELETE ON care_requests TO yui_app;
CREATE POLICY only_of_who_left ON care_requests AS RESTRICTIVE FOR DELETE
    USING (EXISTS (SELECT FROM workers w WHERE w.organization_id = care_requests.organization_id
        AND w.id = care_requests.worker_id AND w.state = 'withdrawn'));
