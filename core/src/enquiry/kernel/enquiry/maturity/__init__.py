"""How developed the partnership is: the schools' own placements, and the joint one (4.13)."""
