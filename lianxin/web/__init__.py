"""Pages and interfaces: parse, call one action or query, answer."""
