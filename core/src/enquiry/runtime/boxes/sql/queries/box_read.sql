-- What box $1 holds.
SELECT revision, sealed FROM {boxes}.boxes WHERE box = $1
