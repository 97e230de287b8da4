"""Real messages replayed: filed in a real county at their own times and driven round the loop."""
