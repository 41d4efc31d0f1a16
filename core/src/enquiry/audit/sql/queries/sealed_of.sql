-- What is sealed beside the events of the alliance $1, position from $2 to $3: digests, not contents.
SELECT position, slot, key, sha256(ciphertext) FROM sealed
WHERE alliance = $1 AND position BETWEEN $2 AND $3
ORDER BY position, slot
