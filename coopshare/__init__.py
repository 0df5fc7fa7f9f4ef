"""CoopShare: social-economy cooperatives list, book, share and settle what they hold in common."""

__version__ = "0.1.0"
