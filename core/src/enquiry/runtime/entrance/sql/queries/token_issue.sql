-- Keep a new token: its digest, never its secret.
INSERT INTO {schema}.service_tokens (id, alliance, digest, prefix, person, title, scopes, purpose, issued_by, issued_at, expires_at,
    last_used_at, revoked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);
