"""Commands of the prepared pages."""
