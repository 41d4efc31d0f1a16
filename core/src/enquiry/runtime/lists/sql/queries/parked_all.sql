-- Every stream that is parked in version $2 of $1.
SELECT stream, position, kind, reason FROM {shelf}.parked WHERE name = $1 AND version = $2
ORDER BY position
