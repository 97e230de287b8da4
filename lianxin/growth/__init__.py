"""Careers of those who do the work (M4): posts and grades."""
