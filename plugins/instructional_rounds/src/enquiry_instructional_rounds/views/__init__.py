"""What each person sees of rounds: pure functions of the state and of who looks.

A view only arranges. Texts are references, opened for those whom the rows of visibility let read
them. ``classrooms`` times, own notes, lengths; ``cards`` the board; ``steps`` patterns,
predictions, next level; ``pack`` the problem, and what the host was given.
"""
