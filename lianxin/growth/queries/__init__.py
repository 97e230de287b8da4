"""Questions about those who do the work: how many, where, and what is missing."""
