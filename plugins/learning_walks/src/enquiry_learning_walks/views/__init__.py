"""The read models of a walk: pure functions of the state and of who looks.

``notes`` on the way: timetable, notes, corridors; ``sheets`` sum up: outcomes, coverage, load.
"""
