-- Add the entry $1 to the platform tree; one that is there already is not added again.
INSERT INTO platform_entries (number, entry)
SELECT coalesce(max(number) + 1, 0), $1 FROM platform_entries
ON CONFLICT (entry) DO NOTHING
