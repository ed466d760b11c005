"""Rules of training: pure Python, dated parameters with their citation."""
