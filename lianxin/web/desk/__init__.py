"""The desk: lists, calls, sheets, several orders at once."""
