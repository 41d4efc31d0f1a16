-- Remember a migration: $1 bundle, $2 number, $3 name, $4 digest; no row if it was known.
INSERT INTO migrations (bundle, number, name, sha256) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
RETURNING number
