-- Enter or replace the rows $1 (a JSON array); in the schema of the projection.
INSERT INTO stream_index AS i (
    stream, alliance, kind, method, version, title, stage, closed,
    revision, position, opened_at, updated_at, people, school, enquiry
)
SELECT r.stream, r.alliance, r.kind, r.method, r.version, r.title, r.stage, r.closed,
    r.revision, r.position, r.opened_at, r.updated_at, r.people, r.school, r.enquiry
FROM jsonb_to_recordset($1::jsonb) AS r (
    stream uuid, alliance uuid, kind text, method text, version int, title text, stage text,
    closed boolean, revision bigint, position bigint, opened_at timestamptz,
    updated_at timestamptz, people uuid[], school uuid, enquiry uuid
)
ON CONFLICT (stream) DO UPDATE SET
    kind = excluded.kind, title = excluded.title, stage = excluded.stage,
    closed = excluded.closed, revision = excluded.revision, position = excluded.position,
    opened_at = excluded.opened_at, updated_at = excluded.updated_at, people = excluded.people,
    school = excluded.school, enquiry = excluded.enquiry
