"""Who takes part: schools, members, facilitators, representatives, critical friends."""
