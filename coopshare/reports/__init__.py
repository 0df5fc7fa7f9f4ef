"""The statistics of a cooperative: reads, never writes."""
