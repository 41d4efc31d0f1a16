-- transaction_of: which transaction recorded the event at position $1.
SELECT xmin::text::bigint FROM enquiry.stored_events WHERE notification_id = $1;
