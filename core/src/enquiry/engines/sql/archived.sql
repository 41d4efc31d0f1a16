-- archived: the last file of changes that was kept, and the last that could not be.
SELECT last_archived_wal, last_failed_wal FROM pg_stat_archiver;
