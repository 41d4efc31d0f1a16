-- password_of: the statement that gives the role $1 the password $2.
SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text);
