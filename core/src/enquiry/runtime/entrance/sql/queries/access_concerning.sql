-- What somebody did, and what anybody did with one of their streams, newest first.
SELECT alliance, at, person, kind, route, stream, outcome, trace_id
FROM {schema}.accesses WHERE person = $1 OR stream = ANY ($2) ORDER BY id DESC LIMIT $3;
