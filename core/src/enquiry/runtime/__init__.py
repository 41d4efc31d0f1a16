"""What makes the pure parts run: the write path, reading, projections, the feed, timers."""
