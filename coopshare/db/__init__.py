"""The database: transactions, scope, guards, outbox, audit. Nothing of the trade."""
