DROP POLICY only_of_who_left ON care_requests;
REVOKE DELETE ON care_requests FROM yui_app;
