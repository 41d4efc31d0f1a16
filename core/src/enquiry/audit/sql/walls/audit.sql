-- The trees: who may do what. They hold digests, and no rows of anybody.
REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {roles};
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC, {roles};
GRANT USAGE ON SCHEMA {schema} TO enquiry_signer;
GRANT SELECT, INSERT ON tiles, checkpoints, signing_keys, platform_entries TO enquiry_signer;
GRANT UPDATE (hashes) ON tiles TO enquiry_signer;
GRANT UPDATE (until) ON signing_keys TO enquiry_signer;
