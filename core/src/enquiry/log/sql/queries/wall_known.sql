-- Whether the wall $1 with the digest $2 was laid down in this schema.
SELECT EXISTS (SELECT FROM migrations WHERE bundle = $1 AND number = 0 AND sha256 = $2)
