"""Papers of training."""
