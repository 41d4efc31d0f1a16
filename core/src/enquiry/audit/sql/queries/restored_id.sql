-- Give the log another id.
UPDATE enquiry.log SET id = gen_random_uuid() RETURNING id
