-- Until the end of the transaction, names mean what is in the schema $1. A batch that is lost with
-- the machine is folded again, so that nothing waits for the disk.
SELECT set_config('search_path', quote_ident($1), true), set_config('synchronous_commit', 'off', true)
