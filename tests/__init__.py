"""The tests: real databases, real migrations, a real browser."""
