"""Forms of training, by subject."""
