"""Leaders and the places they are tied to."""
