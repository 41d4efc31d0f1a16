"""Meetings, and how the lead is shared between them (2.10)."""
