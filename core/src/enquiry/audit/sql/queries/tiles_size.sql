-- How many leaves of the tree $1 stand in tiles.
SELECT coalesce(
    (
        SELECT number * 256 + length(hashes) / 32 FROM tiles
        WHERE tree = $1 AND level = 0 ORDER BY number DESC LIMIT 1
    ),
    0
)
