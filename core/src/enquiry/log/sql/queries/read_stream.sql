-- Events of one stream, in order: $1 stream, revision after $2, up to $3 inclusive.
SELECT notification_id, alliance, sequence, originator_id, originator_version, event_id, topic,
    state, recorded_at, leaf, seals
FROM stored_events
WHERE originator_id = $1 AND originator_version > $2 AND originator_version <= $3
ORDER BY originator_version
