-- At which event rows of the table $1 were written last: $2 is a list of keys.
SELECT key::text, position FROM {tables}."touched last"
WHERE relation = $1 AND key IN (SELECT jsonb_array_elements($2::jsonb))
