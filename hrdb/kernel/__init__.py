"""Domain-free machinery that every app stands on."""
