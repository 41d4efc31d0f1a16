"""What am I learning: a card of each member, their own unless they share it (2.20)."""
