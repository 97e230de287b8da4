"""A place is its path: paths, division and grid codes, and the datum of a coordinate."""
