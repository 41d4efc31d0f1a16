"""The contract between Enquiry and a method: pure values and functions, nothing else.

Needs msgspec and pluggy only. Reads no clock, file or network.
"""
