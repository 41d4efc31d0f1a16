"""How the group has agreed to work: versions of its norms, and who adopted them (2.10)."""
