-- Whoever works writes the access log down and reads it; nobody changes it. Of a token, only when it
-- was used and that it has ended change.
REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {roles};
GRANT USAGE ON SCHEMA {schema} TO enquiry_worker;
GRANT SELECT, INSERT ON accesses, service_tokens TO enquiry_worker;
GRANT UPDATE (last_used_at, revoked_at) ON service_tokens TO enquiry_worker;
DROP POLICY IF EXISTS enquiry_worker ON accesses;
CREATE POLICY enquiry_worker ON accesses TO enquiry_worker USING (true);
DROP POLICY IF EXISTS enquiry_worker ON service_tokens;
CREATE POLICY enquiry_worker ON service_tokens TO enquiry_worker USING (true);
