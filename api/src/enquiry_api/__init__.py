"""The HTTP edge of Enquiry. It holds no rules: it reads requests strictly, asks, and answers."""
