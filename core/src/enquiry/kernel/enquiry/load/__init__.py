"""How much a school has taken on at once (2.21)."""
