"""Things handed over in person: collected, given back, late, damaged."""
