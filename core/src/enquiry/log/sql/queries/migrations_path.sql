-- Until the end of the transaction, names mean what is in the schema $1.
SELECT set_config('search_path', quote_ident($1), true)
