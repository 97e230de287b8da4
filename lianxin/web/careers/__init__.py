"""The pages of careers: one's own, those of the workers of a place, proposals, new workers."""
