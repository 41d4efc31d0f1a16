"""The read models of rounds: pure functions of the state and of who looks.

``classrooms`` times, own notes, lengths; ``cards`` the board; ``steps`` patterns, predictions, next
level; ``pack`` the problem, and what the host was given. A view only arranges: texts are
references, opened for those whom the rows of visibility let read them.
"""
