"""What a check cell calls: one module a notebook, on the shared parts `report`, `causes`, `guard`, `progress`."""
