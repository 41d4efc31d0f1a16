-- Park a stream: $1 name, $2 version, $3 stream, $4 position, $5 kind, $6 reason.
INSERT INTO {shelf}.parked (name, version, stream, position, kind, reason)
VALUES ($1, $2, $3, $4, $5, $6)
