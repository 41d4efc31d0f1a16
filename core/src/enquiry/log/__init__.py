"""The append-only log: what it promises, PostgreSQL, memory, and the eventsourcing adapter."""
