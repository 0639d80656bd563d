-- Why: uploads are rows here and bytes in the object store; a row without bytes is never shown.

SET LOCAL lock_timeout = '2s';

CREATE TABLE files (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    media_type text NOT NULL,
    bytes bigint NOT NULL CHECK (bytes >= 0),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    storage_key text NOT NULL CHECK (storage_key ~ '^[0-9a-f/]+$'),
    person_id bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id)
);
CREATE UNIQUE INDEX files_storage ON files (organization_id, storage_key);
CREATE INDEX files_of_person ON files (organization_id, person_id);
SELECT protect('files');
SELECT audited('files', 'media_type', 'bytes');
