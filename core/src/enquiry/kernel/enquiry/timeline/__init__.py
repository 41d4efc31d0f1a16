"""The journey timeline: what happened when, by cycle and phase (2.20)."""
