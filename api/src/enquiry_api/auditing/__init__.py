"""The auditor's page: what was recorded, read and checked in a browser. It holds no rules."""
