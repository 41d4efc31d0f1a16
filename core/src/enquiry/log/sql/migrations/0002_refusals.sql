-- What may never be changed, whoever asks.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: it is append-only', tg_op, tg_table_name
        USING ERRCODE = 'restrict_violation';
END
$$;

-- Once for each statement, so that appends pay nothing and even one that hits no row is refused.
CREATE TRIGGER stored_events_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON stored_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER idempotency_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON idempotency
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A ciphertext goes as a whole or stays as it is.
CREATE TRIGGER sealed_unchanged
    BEFORE UPDATE OR TRUNCATE ON sealed
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER subject_keys_kept
    BEFORE DELETE OR TRUNCATE ON subject_keys
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A key may be wrapped anew or destroyed; whose it is stays, and a destroyed one stays destroyed.
CREATE FUNCTION refuse_revival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.state = 'destroyed'
        OR (new.id, new.alliance, new.stream, new.subject, new.kind, new.commitment)
            IS DISTINCT FROM
            (old.id, old.alliance, old.stream, old.subject, old.kind, old.commitment)
    THEN
        RAISE EXCEPTION 'data key % is fixed: a living one may be rewrapped or destroyed', old.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN new;
END
$$;

CREATE TRIGGER subject_keys_final
    BEFORE UPDATE ON subject_keys
    FOR EACH ROW EXECUTE FUNCTION refuse_revival();
