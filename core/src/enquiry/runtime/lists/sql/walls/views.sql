-- The list of versions: workers move them on and switch them; the owner makes and drops them.
REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {roles};
GRANT USAGE ON SCHEMA {schema} TO enquiry_worker;
GRANT SELECT, UPDATE (position) ON versions TO enquiry_worker;
GRANT SELECT, INSERT, UPDATE ON active TO enquiry_worker;
GRANT SELECT, INSERT, DELETE ON parked TO enquiry_worker;
