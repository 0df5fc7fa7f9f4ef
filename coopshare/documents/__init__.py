"""Tables and printed documents: plain values in, bytes out; the same values give the same bytes."""
