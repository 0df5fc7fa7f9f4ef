"""A database that is locked, full, spoilt or gone, and what people are told meanwhile."""
