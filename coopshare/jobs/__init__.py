"""The worker: does what units of work left to be done, at least once (decision 10)."""
