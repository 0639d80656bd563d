DROP TABLE care_requests;
