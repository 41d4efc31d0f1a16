"""Reports: immutable snapshots, published to an audience by right only (2.18)."""
