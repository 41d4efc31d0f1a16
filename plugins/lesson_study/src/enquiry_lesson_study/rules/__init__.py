"""The rules of a lesson study, each with its code, the sentence people read, and its source.

One module for each part of the method, in the order of its rule table.
"""
