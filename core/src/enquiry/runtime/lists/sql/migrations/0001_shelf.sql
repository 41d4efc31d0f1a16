-- Where the versions of every projection lie, and how far each has come.
CREATE TABLE versions (
    name text NOT NULL,
    version int NOT NULL CHECK (version > 0),
    schema text NOT NULL UNIQUE,          -- its tables, and no others
    log uuid NOT NULL,                    -- whose events it folds
    ddl bytea NOT NULL,                   -- SHA-256 of the statements that made its tables
    position bigint NOT NULL DEFAULT 0 CHECK (position >= 0),
    PRIMARY KEY (name, version)
);

-- The version of each projection that is read.
CREATE TABLE active (
    name text PRIMARY KEY,
    version int NOT NULL,
    FOREIGN KEY (name, version) REFERENCES versions
);

-- Streams that a projection could not fold, from which event on. The others flow on.
CREATE TABLE parked (
    name text NOT NULL,
    version int NOT NULL,
    stream uuid NOT NULL,
    position bigint NOT NULL,             -- of the first event that is missing from its rows
    kind text NOT NULL,
    reason text NOT NULL,                 -- of what sort and where in the code; never content
    PRIMARY KEY (name, version, stream),
    FOREIGN KEY (name, version) REFERENCES versions ON DELETE CASCADE
);
