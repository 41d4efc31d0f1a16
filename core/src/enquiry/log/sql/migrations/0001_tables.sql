-- The tables of the log. Every one that holds something of an alliance says whose it is.

-- What names this log; written once. A restored copy that goes on by itself must take another id.
CREATE TABLE log (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    id uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO log DEFAULT VALUES;

-- The events: what the eventsourcing library expects of its table, under its names (the first
-- seven), then ours. The newest row of an index is the head of the log, of an alliance, of a stream.
-- A head in a row of its own would die with every commit, and the dead pile up under any long
-- snapshot.
CREATE TABLE stored_events (
    originator_id uuid NOT NULL,          -- stream
    originator_version bigint NOT NULL,   -- revision
    topic text NOT NULL,                  -- kind: a permanent name, never an import path
    state bytea NOT NULL,                 -- body, exactly as it was hashed
    notification_id bigint NOT NULL,      -- position
    event_id uuid NOT NULL,
    metadata bytea,                       -- the library's, from its version 10 on; we write none
    alliance uuid NOT NULL,
    sequence bigint NOT NULL,
    recorded_at bigint NOT NULL,          -- microseconds since 1970, UTC
    seals bytea NOT NULL,                 -- slot, key, digest of each sealed value; outlives it
    leaf bytea NOT NULL,
    PRIMARY KEY (originator_id, originator_version),
    CONSTRAINT stored_events_position UNIQUE (notification_id),
    CONSTRAINT stored_events_sequence UNIQUE (alliance, sequence),
    CONSTRAINT stored_events_event UNIQUE (event_id)
);

-- Which append an idempotency key stands for; written in the transaction of its events.
CREATE TABLE idempotency (
    alliance uuid NOT NULL,
    key bytea NOT NULL,
    fingerprint bytea NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    PRIMARY KEY (alliance, key)
);

-- Data keys, wrapped. A destroyed one leaves a tombstone, so that none is ever made in its place.
CREATE TABLE subject_keys (
    id uuid PRIMARY KEY,
    alliance uuid NOT NULL,
    stream uuid NOT NULL,
    subject uuid NOT NULL,
    kind text NOT NULL,
    wrapped bytea NOT NULL,
    commitment bytea NOT NULL,
    state text NOT NULL DEFAULT 'living' CHECK (state IN ('living', 'destroyed')),
    CONSTRAINT subject_keys_subject UNIQUE (stream, subject, kind),
    CONSTRAINT subject_keys_bytes CHECK ((wrapped = '') = (state = 'destroyed'))
);

-- Ciphertexts beside the events: the only table from which rows may be deleted.
CREATE TABLE sealed (
    position bigint NOT NULL,
    slot smallint NOT NULL,
    alliance uuid NOT NULL,
    key uuid NOT NULL,
    ciphertext bytea NOT NULL,
    PRIMARY KEY (position, slot)
);
CREATE INDEX sealed_key ON sealed (key);
