"""The read models of a lesson study: pure functions of the state and of who looks.

One module for each part of the method. A view shows only what its viewer may read; ``shown`` says
the same of facts.
"""
