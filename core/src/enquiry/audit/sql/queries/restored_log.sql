-- Id of the log, and position of its newest event.
SELECT id, (SELECT coalesce(max(notification_id), 0) FROM enquiry.stored_events) FROM enquiry.log
