"""A gallery of every shape and component with invented people: for tests and for looking at."""
