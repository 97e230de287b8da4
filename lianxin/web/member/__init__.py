"""The member's evening: what can be taken near by."""
