-- What may never be changed, whoever asks.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: it is append-only', tg_op, tg_table_name
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER checkpoints_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER platform_entries_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON platform_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER tiles_kept
    BEFORE DELETE OR TRUNCATE ON tiles
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A tile only grows.
CREATE FUNCTION refuse_other_hashes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (new.tree, new.level, new.number, substr(new.hashes, 1, length(old.hashes)))
        IS DISTINCT FROM (old.tree, old.level, old.number, old.hashes)
    THEN
        RAISE EXCEPTION 'tile %/% of % holds other hashes already', old.level, old.number, old.tree
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN new;
END
$$;

CREATE TRIGGER tiles_grow
    BEFORE UPDATE ON tiles
    FOR EACH ROW EXECUTE FUNCTION refuse_other_hashes();
