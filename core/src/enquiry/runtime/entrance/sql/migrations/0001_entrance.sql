-- The access log, which only grows, and the tokens of machines. Both say of every row whose it is.
CREATE TABLE accesses (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alliance uuid NOT NULL,
    at timestamptz NOT NULL,
    person uuid NOT NULL,
    kind text NOT NULL,
    route text NOT NULL,
    stream uuid,
    outcome text NOT NULL,
    trace_id text NOT NULL
);
CREATE INDEX accesses_of_alliance ON accesses (alliance, id);
CREATE INDEX accesses_of_person ON accesses (person, id);
CREATE INDEX accesses_of_stream ON accesses (stream, id);

CREATE TABLE service_tokens (
    id uuid PRIMARY KEY,
    alliance uuid NOT NULL,
    digest bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
    prefix text NOT NULL,
    person uuid NOT NULL,
    title text NOT NULL,
    scopes text[] NOT NULL,
    purpose text NOT NULL,
    issued_by uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX service_tokens_of_alliance ON service_tokens (alliance, issued_at);

-- What was written down stays, whoever asks.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the access log only grows' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER accesses_stay BEFORE UPDATE OR DELETE ON accesses
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER accesses_stay_whole BEFORE TRUNCATE ON accesses
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE accesses ENABLE ROW LEVEL SECURITY;
ALTER TABLE accesses FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON accesses TO CURRENT_USER USING (true);
ALTER TABLE service_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON service_tokens TO CURRENT_USER USING (true);
