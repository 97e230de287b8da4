"""A request by its link, its number or a phone: what became of it."""
