"""What the group claims to have brought about, and how far that can be trusted (2.13)."""
