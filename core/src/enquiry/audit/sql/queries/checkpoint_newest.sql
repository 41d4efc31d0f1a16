-- The newest checkpoint of the tree $1: size and note.
SELECT size, note FROM checkpoints WHERE tree = $1 ORDER BY size DESC LIMIT 1
