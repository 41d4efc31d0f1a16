-- Write box $1 anew as $3 if it is still at revision $2 (0: it does not exist yet); 1 if that was so.
WITH written AS (
    INSERT INTO {boxes}.boxes AS b (box, revision, sealed) SELECT $1::uuid, 1, $3::bytea WHERE $2::bigint = 0
    ON CONFLICT DO NOTHING
    RETURNING 1
), changed AS (
    UPDATE {boxes}.boxes SET revision = revision + 1, sealed = $3
    WHERE box = $1 AND revision = $2 AND $2 > 0
    RETURNING 1
)
SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM changed)
