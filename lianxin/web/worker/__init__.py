"""The grid worker's day: what is due, what is heard, who stands in."""
