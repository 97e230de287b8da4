"""A unit without account reads what it is asked, and answers."""
