-- Alliances of which something was recorded after position $1, and how many events each has.
SELECT alliance, max(sequence) + 1
FROM stored_events
WHERE notification_id > $1
GROUP BY alliance
