-- Boxes say not whose they are, so no row can be kept from anybody; what they hold is sealed.
REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {roles};
GRANT USAGE ON SCHEMA {schema} TO enquiry_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON boxes TO enquiry_worker;
