"""A busy street's day, lived over HTTP in fast time: who lives there, what they press, and what
the house makes of it. `make street` runs it, `make street QUICK=1` a small one."""
