-- Publish which sizes of the tree $1 the key $2 may sign: from $3 to $4.
INSERT INTO signing_keys (tree, public, since, until) VALUES ($1, $2, $3, $4)
ON CONFLICT (tree, public) DO UPDATE SET until = excluded.until
