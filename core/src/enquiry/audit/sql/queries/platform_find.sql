-- Where the entry $1 stands in the platform tree.
SELECT number FROM platform_entries WHERE entry = $1
