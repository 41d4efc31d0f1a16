-- The stream $3 is not parked any more in version $2 of $1.
DELETE FROM {shelf}.parked WHERE name = $1 AND version = $2 AND stream = $3
