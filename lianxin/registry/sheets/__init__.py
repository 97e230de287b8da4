"""Reads tables as offices make them: values out, and a finding for all that is odd. Knows no
database and no Django."""
