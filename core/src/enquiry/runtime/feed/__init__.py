"""The feed: references to events, published after their commit. A bell, and never the record."""
