"""Django's PostgreSQL, with two things that every request pays for made cheaper."""
