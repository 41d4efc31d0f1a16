-- Publish a checkpoint: $1 tree, $2 size, $3 note.
INSERT INTO checkpoints (tree, size, note) VALUES ($1, $2, $3)
