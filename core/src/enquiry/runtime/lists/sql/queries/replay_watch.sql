-- In a scratch schema: remember of each row at which event it was written last. The setting
-- enquiry.folding says which that is; 0 where nobody says.
CREATE TABLE "touched last" (
    relation text,
    key jsonb,
    position bigint NOT NULL,
    PRIMARY KEY (relation, key)
);
CREATE FUNCTION "remember touch" () RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    written jsonb;
BEGIN
    IF TG_OP = 'DELETE' THEN written := to_jsonb(OLD); ELSE written := to_jsonb(NEW); END IF;
    INSERT INTO "touched last" AS t
    SELECT TG_TABLE_NAME, jsonb_agg(written -> name ORDER BY place),
           coalesce(nullif(current_setting('enquiry.folding', true), ''), '0')::bigint
    FROM unnest(TG_ARGV) WITH ORDINALITY AS k (name, place)
    ON CONFLICT (relation, key) DO UPDATE SET position = excluded.position;
    RETURN NULL;
END
$$
