-- When a token was used last.
UPDATE {schema}.service_tokens SET last_used_at = $2 WHERE id = $1;
