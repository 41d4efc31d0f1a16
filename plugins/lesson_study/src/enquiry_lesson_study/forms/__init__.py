"""What people fill in, and the facts that are recorded. Names of facts are permanent.

One module for each part of a lesson study: ``study``, ``plan``, ``lesson``, ``discussion``,
``cycle``.
"""
