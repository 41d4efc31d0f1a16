-- Where the append with an idempotency key went: $1 alliance, $2 key.
SELECT i.first, i.last, e.recorded_at, i.fingerprint
FROM idempotency i JOIN stored_events e ON e.notification_id = i.first
WHERE i.alliance = $1 AND i.key = $2
