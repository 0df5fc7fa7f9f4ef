"""How a notice leaves: mail today."""
