-- Both sides of every row of one table, live and rebuilt, in the order of its key.
SELECT jsonb_build_array({keys})::text, to_jsonb(live)::text, to_jsonb(rebuilt)::text
FROM {live}.{table} AS live FULL JOIN {scratch}.{table} AS rebuilt USING ({keys})
ORDER BY {keys}
