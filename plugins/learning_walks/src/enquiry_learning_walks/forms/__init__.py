"""What people fill in on a walk, and the facts that are recorded. Names of facts are permanent.

``plan`` before the walk, ``visits`` on the way, ``outcomes`` after it.
"""
