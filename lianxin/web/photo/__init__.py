"""Photos: seen, compared, painted over."""
