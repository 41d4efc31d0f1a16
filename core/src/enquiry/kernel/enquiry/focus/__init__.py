"""The collective focus and the enquiry question with its six tests (2.4)."""
