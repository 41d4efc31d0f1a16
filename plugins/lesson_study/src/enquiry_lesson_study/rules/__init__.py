"""What must hold in a lesson study: each rule with its code, the sentence people read, its source.

One module for each part of the method, in the order of its rule table; ``booking``, what a locked
lesson binds.
"""
