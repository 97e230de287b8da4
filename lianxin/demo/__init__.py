"""A prefecture that never was, generated: the names of counties are real, all else is made up."""
