"""The ideas of the mission in plain Python: no Django, no database, no clock, no network."""
