-- Store tiles, new ones and such as have grown: $1 tree; of each: $2 level, $3 number, $4 hashes.
INSERT INTO tiles (tree, level, number, hashes)
SELECT $1, * FROM unnest($2::smallint[], $3::bigint[], $4::bytea[])
ON CONFLICT (tree, level, number) DO UPDATE SET hashes = excluded.hashes
