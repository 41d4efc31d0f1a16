-- Those of the data keys $1 that are destroyed.
SELECT id FROM subject_keys WHERE id = ANY ($1::uuid[]) AND state = 'destroyed'
