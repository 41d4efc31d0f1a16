-- End a token at once; it stays in the list.
UPDATE {schema}.service_tokens SET revoked_at = $3
WHERE alliance = $1 AND id = $2 AND revoked_at IS NULL
RETURNING id;
