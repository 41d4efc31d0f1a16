-- Destroy the data keys $1 and delete what was sealed under them.
SELECT shred_v1($1)
