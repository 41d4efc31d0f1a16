"""Network overviews: a row for each school, and what the group has agreed (2.9)."""
