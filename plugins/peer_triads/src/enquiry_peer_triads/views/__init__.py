"""The read models of a triad: pure functions of the state and of who looks.

``overview`` of the triad as such, ``records`` of what the three said.
"""
