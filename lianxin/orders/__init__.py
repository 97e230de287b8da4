"""The kernel at work: orders, events, claims, attachments, deadlines."""
