-- What has been applied to this schema.
CREATE TABLE IF NOT EXISTS migrations (
    bundle text NOT NULL,
    number int NOT NULL,
    name text NOT NULL,
    sha256 bytea NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (bundle, number)
)
