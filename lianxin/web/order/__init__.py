"""One order as staff reads it: where it stands, why, what may be pressed, its story."""
