"""A whole house in one file: taken while people work in it, given back whole or not at all."""
