-- Data keys that are destroyed, of all alliances: ids alone.
SELECT id FROM subject_keys WHERE state = 'destroyed'
