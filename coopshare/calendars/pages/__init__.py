"""The pages of calendars: what applications read, subscriptions, plannings."""
