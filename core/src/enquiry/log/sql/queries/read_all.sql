-- Events of the whole log, in order: position after $1, at most $2 of them.
SELECT notification_id, alliance, sequence, originator_id, originator_version, event_id, topic,
    state, recorded_at, leaf, seals
FROM stored_events
WHERE notification_id > $1
ORDER BY notification_id
LIMIT $2
