-- How many streams of each kind the alliance $1 has (null: all alliances), and how many are open.
-- Safeguarding concerns are not counted: that there are any is for one person to know.
SELECT s.kind, count(*), count(*) FILTER (WHERE NOT s.closed)
FROM {tables}.stream_index s
WHERE s.kind IS NOT NULL AND s.kind <> 'concerns' AND ($1::uuid IS NULL OR s.alliance = $1)
GROUP BY s.kind
