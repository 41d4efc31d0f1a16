"""Lists over many streams: projections into versioned tables, and what they answer."""
