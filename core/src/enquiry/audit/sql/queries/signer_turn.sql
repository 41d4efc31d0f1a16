-- Whether this session is the one that signs for the log $1, until it ends.
SELECT pg_try_advisory_lock(hashtextextended('enquiry signer ' || $1::text, 0))
