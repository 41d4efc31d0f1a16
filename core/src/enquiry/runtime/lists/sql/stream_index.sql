-- One row for each stream: whose it is, who takes part, how it stands, when it last changed.
CREATE TABLE stream_index (
    stream uuid PRIMARY KEY,
    alliance uuid NOT NULL,
    kind text,                            -- run, enquiry, alliance, calendar; null while its method
    method text NOT NULL,                 -- is not installed and nobody can tell
    version int NOT NULL,
    title text,                           -- a reference to a sealed text, never the text
    stage text NOT NULL,
    closed boolean NOT NULL,
    revision bigint NOT NULL,
    position bigint NOT NULL,             -- of its newest event, and so a key of its own
    opened_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    people uuid[] NOT NULL,               -- sorted
    school uuid,
    enquiry uuid
);
CREATE INDEX stream_index_people ON stream_index USING gin (people);
CREATE INDEX stream_index_alliance ON stream_index (alliance, kind, position DESC);
CREATE INDEX stream_index_open ON stream_index (kind, stream) WHERE NOT closed;
