"""A resident asks: what, where, send; the catalogue; the door's sign."""
