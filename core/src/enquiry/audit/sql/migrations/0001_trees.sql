-- What is kept of the trees. All of it follows from the log and can be built anew, but for what was
-- signed: that lies outside of the database, too.

-- Hashes beside each other (C2SP tlog-tiles), up to 256 of them; the last of a level is partial.
CREATE TABLE tiles (
    tree uuid NOT NULL,                   -- an alliance, or the log's own id for the platform tree
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 63),
    number bigint NOT NULL CHECK (number >= 0),
    hashes bytea NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
    PRIMARY KEY (tree, level, number)
);
ALTER TABLE tiles ALTER hashes SET STORAGE EXTERNAL;

-- Every checkpoint that was signed.
CREATE TABLE checkpoints (
    tree uuid NOT NULL,
    size bigint NOT NULL CHECK (size > 0),
    note text NOT NULL,
    PRIMARY KEY (tree, size)
);

-- Which key may sign which sizes of a tree, both inclusive.
CREATE TABLE signing_keys (
    tree uuid NOT NULL,
    public bytea NOT NULL CHECK (length(public) = 32),
    since bigint NOT NULL,
    until bigint,                         -- null: until it is retired
    PRIMARY KEY (tree, public)
);

-- The leaves of the platform tree: checkpoints of alliances, and keys.
CREATE TABLE platform_entries (
    number bigint PRIMARY KEY CHECK (number >= 0),
    entry bytea NOT NULL UNIQUE
);
