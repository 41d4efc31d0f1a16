-- The keys of the tree $1 and the sizes that they may sign, in order.
SELECT public, since, until FROM signing_keys WHERE tree = $1 ORDER BY since, until
