-- The id of the log.
SELECT id FROM log
