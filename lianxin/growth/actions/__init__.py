"""The only code that writes to the registers of careers, reserves, classes and reserved posts."""
