"""Cases lived through the doors."""
