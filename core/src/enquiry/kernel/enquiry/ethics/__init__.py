"""The ethics review: what data is used, how it is protected, who may say no (2.15)."""
