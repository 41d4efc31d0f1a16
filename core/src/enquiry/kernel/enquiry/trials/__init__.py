"""Trials of a strategy, what members make of them, and what the group reads in it (2.11)."""
