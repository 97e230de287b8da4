"""What the house costs, measured: run by `make bench`, kept in README.md beside this file."""
