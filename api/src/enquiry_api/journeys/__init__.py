"""Stories as data: who does what when, and what must come back; played over HTTP.

The format is described in ``docs/journeys.md``. Nothing here knows a method: a new story is a new
file, never new code.
"""
