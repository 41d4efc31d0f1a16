"""Strategies that are tried, and how far they are from what is done already (2.6)."""
