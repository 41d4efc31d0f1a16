-- Those of the event ids $1 that are in the log.
SELECT event_id FROM stored_events WHERE event_id = ANY ($1::uuid[])
