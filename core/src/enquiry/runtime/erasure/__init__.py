"""Destroying what can be read: the fence, and everything that goes through it."""
