-- switch_wal: end the file of changes that is being written; its name, or that of the last one if nothing
-- was written since it ended.
SELECT pg_walfile_name(pg_switch_wal() - 1);
