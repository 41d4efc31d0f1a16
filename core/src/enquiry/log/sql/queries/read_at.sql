-- The events at the positions $1, in order.
SELECT notification_id, alliance, sequence, originator_id, originator_version, event_id, topic,
    state, recorded_at, leaf, seals
FROM stored_events
WHERE notification_id = ANY ($1::bigint[])
ORDER BY notification_id
