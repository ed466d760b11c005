"""Pages of training, by subject."""
