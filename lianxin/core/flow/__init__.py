"""A loop is a page of TOML: what a page may say, how it is read, checked and drawn."""
