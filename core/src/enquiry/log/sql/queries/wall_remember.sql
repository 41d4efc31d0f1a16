-- Remember that the wall $1 with the digest $2 was laid down.
INSERT INTO migrations (bundle, number, name, sha256) VALUES ($1, 0, 'wall', $2)
ON CONFLICT (bundle, number) DO UPDATE SET sha256 = excluded.sha256, applied_at = now()
