"""The network map: which schools work together, and where the gaps are (2.20)."""
