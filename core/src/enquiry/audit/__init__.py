"""History that can be proved: a Merkle tree for each alliance, signed, served and exported."""
