"""Personal values: sealed one by one, under keys that can be destroyed one by one."""
