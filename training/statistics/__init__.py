"""Who needs which training, and who goes to which class, computed from the record."""
