-- What was written down of an alliance, newest first.
SELECT alliance, at, person, kind, route, stream, outcome, trace_id
FROM {schema}.accesses WHERE alliance = $1 ORDER BY id DESC LIMIT $2;
