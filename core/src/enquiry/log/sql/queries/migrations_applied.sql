-- Number and digest of what has been applied of the bundle $1.
SELECT number, sha256 FROM migrations WHERE bundle = $1
