"""The register of dissemination: what was agreed to be told, and what was (1.2, 2.20)."""
