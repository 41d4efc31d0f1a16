-- Those of the roles $1 that the login $2 (null: the one that asks) cannot take.
SELECT wanted.name
FROM unnest($1::text[]) AS wanted (name) LEFT JOIN pg_roles r ON r.rolname = wanted.name
WHERE r.oid IS NULL OR NOT pg_has_role(coalesce($2::name, current_user), r.oid, 'SET')
ORDER BY wanted.name
