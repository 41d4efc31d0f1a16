"""What the passing of school days brings to light (2.17)."""
