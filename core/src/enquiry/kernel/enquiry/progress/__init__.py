"""Where are we now? The progress assessments of each phase (2.14)."""
