-- Position of the newest event; 0 for an empty log.
SELECT coalesce(max(notification_id), 0) FROM stored_events
