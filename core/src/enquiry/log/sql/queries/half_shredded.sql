-- Destroyed data keys under which something still lies sealed: a restore brought it back.
SELECT k.id FROM subject_keys k
WHERE k.state = 'destroyed' AND EXISTS (SELECT FROM sealed s WHERE s.key = k.id)
ORDER BY k.id
