-- Events of one alliance, in order: $1 alliance, sequence from $2 on, at most $3 of them.
SELECT notification_id, alliance, sequence, originator_id, originator_version, event_id, topic,
    state, recorded_at, leaf, seals
FROM stored_events
WHERE alliance = $1 AND sequence >= $2
ORDER BY sequence
LIMIT $3
