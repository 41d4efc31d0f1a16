-- Read times the same everywhere, until the end of the transaction.
SELECT set_config('TimeZone', 'UTC', true)
