"""Who holds what, when: one table for every use of a bookable thing's time (decision 3)."""
