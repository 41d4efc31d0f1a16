"""Which methods the group chose, and why they suit the question (2.5)."""
