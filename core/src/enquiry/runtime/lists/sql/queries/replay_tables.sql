-- Tables of the schema $1 but for our own, each with the columns of its primary key in their order.
SELECT c.relname::text,
       array(SELECT a.attname::text
             FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
             ORDER BY k.place)
FROM pg_class c LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relnamespace = to_regnamespace(quote_ident($1)) AND c.relkind IN ('r', 'p')
  AND c.relname <> 'touched last'
ORDER BY c.relname
