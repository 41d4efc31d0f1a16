-- Write down that somebody read, took along or was refused something.
INSERT INTO {schema}.accesses (alliance, at, person, kind, route, stream, outcome, trace_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);
