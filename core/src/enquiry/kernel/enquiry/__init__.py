"""The enquiry as far as runs stand on it: members, facilitators, method choice, ethics review."""
