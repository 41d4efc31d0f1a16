-- The data keys of the alliance $1: what binds each id to its bytes, and whether it lives.
SELECT id, commitment, state = 'living' FROM subject_keys WHERE alliance = $1
