-- How far an upstream was processed.
SELECT notification_id FROM stored_tracking WHERE application_name = $1
