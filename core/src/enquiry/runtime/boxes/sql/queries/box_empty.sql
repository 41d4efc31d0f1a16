-- Throw away what box $1 holds.
DELETE FROM {boxes}.boxes WHERE box = $1
