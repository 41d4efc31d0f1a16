-- Entries of the platform tree that say of a data key that it was destroyed.
SELECT entry FROM platform_entries WHERE substr(entry, 1, 12) = convert_to(E'EQP1 erased\n', 'UTF8')
