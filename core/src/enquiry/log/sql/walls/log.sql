-- The log: who may do what. Every right of every role stands here; nobody else has any.
REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {roles};
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC, {roles};
GRANT USAGE ON SCHEMA {schema} TO {roles};
GRANT SELECT ON log TO {roles};

-- The appender calls one function and touches no table but the library's own, which holds no rows of
-- anybody.
GRANT EXECUTE ON FUNCTION append_v1 TO enquiry_appender;
GRANT SELECT, INSERT, UPDATE ON stored_tracking TO enquiry_appender;

-- A reader sees the alliance to which the transaction is bound; not bound, nothing.
GRANT SELECT ON stored_events, subject_keys, sealed TO enquiry_reader;
GRANT EXECUTE ON FUNCTION read_at_v1, sealed_v1 TO enquiry_reader;
SELECT policy_v1('stored_events', 'enquiry_reader', 'SELECT', bound => true);
SELECT policy_v1('subject_keys', 'enquiry_reader', 'SELECT', bound => true);
SELECT policy_v1('sealed', 'enquiry_reader', 'SELECT', bound => true);

-- Workers fold the whole log; they write none of it.
GRANT SELECT ON stored_events, idempotency, subject_keys, sealed, stored_tracking TO enquiry_worker;
SELECT policy_v1('stored_events', 'enquiry_worker', 'SELECT');
SELECT policy_v1('idempotency', 'enquiry_worker', 'SELECT');
SELECT policy_v1('subject_keys', 'enquiry_worker', 'SELECT');
SELECT policy_v1('sealed', 'enquiry_worker', 'SELECT');

-- The signer reads digests and what they are of; of keys, which were destroyed; no ciphertext.
GRANT SELECT ON stored_events TO enquiry_signer;
GRANT SELECT (id, alliance, commitment, state) ON subject_keys TO enquiry_signer;
SELECT policy_v1('stored_events', 'enquiry_signer', 'SELECT');
SELECT policy_v1('subject_keys', 'enquiry_signer', 'SELECT');

-- The eraser alone destroys: keys, and what is sealed under them.
GRANT EXECUTE ON FUNCTION lock_v1, shred_v1 TO enquiry_eraser;
GRANT SELECT, UPDATE (state, wrapped) ON subject_keys TO enquiry_eraser;
GRANT SELECT, DELETE ON sealed TO enquiry_eraser;
SELECT policy_v1('subject_keys', 'enquiry_eraser', 'ALL');
SELECT policy_v1('sealed', 'enquiry_eraser', 'ALL');

-- An auditor's stock recorder reads the events of all, and nothing that is sealed.
GRANT SELECT ON stored_events TO enquiry_auditor;
SELECT policy_v1('stored_events', 'enquiry_auditor', 'SELECT');
