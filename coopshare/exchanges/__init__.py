"""What members owe each other for what they use: the month's statements."""
