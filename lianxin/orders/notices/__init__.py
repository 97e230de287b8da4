"""What is said to people outside the pages: whom, in which words, by which way, at what hour."""
