-- Ciphertexts of which no event of their alliance $1 knows.
SELECT position, slot FROM sealed
WHERE alliance = $1 AND NOT EXISTS (
    SELECT FROM stored_events ev
    WHERE ev.notification_id = sealed.position AND ev.alliance = sealed.alliance
)
ORDER BY position, slot
