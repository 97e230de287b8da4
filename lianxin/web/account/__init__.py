"""One's account and the way in: signing in, being invited, what is kept of oneself."""
