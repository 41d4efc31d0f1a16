"""The alliance: its schools, people, memberships, rooms, calendars and policies, as a stream."""
