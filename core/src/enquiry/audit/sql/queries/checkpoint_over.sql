-- The first checkpoint of the tree $1 that covers $2 leaves: size and note.
SELECT size, note FROM checkpoints WHERE tree = $1 AND size >= $2 ORDER BY size LIMIT 1
