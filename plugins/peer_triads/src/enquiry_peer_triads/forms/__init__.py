"""What people fill in, and the facts that are recorded. Names of facts are permanent.

``group`` who the three are, ``meetings``, and the ``rounds`` of a meeting. What three colleagues
say to each other stays among them, so their texts may name classes and people: TextGuard judges
them as private words and only hints.
"""
