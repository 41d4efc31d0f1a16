-- How far another application of the eventsourcing library has read its upstream: one row for each
-- upstream, which only goes forward. Names and columns are the library's, its marker row too.
-- Nothing of ours reads it: it serves those who process our log, or feed one, with the library.
CREATE TABLE stored_tracking (
    application_name text PRIMARY KEY,
    notification_id bigint NOT NULL
);
INSERT INTO stored_tracking VALUES ('__migration__', 1);
