-- The token that somebody came with, whether or not it has ended.
SELECT id, alliance, digest, prefix, person, title, scopes, purpose, issued_by, issued_at, expires_at,
    last_used_at, revoked_at
FROM {schema}.service_tokens WHERE digest = $1;
