-- Go forward in an upstream; no row comes back if that would not be forward.
INSERT INTO stored_tracking AS known (application_name, notification_id)
VALUES ($1, $2)
ON CONFLICT (application_name) DO UPDATE SET notification_id = excluded.notification_id
WHERE known.notification_id < excluded.notification_id
RETURNING notification_id
