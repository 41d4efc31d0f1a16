-- Every token that an alliance ever issued, oldest first.
SELECT id, alliance, digest, prefix, person, title, scopes, purpose, issued_by, issued_at, expires_at,
    last_used_at, revoked_at
FROM {schema}.service_tokens WHERE alliance = $1 ORDER BY issued_at, id;
