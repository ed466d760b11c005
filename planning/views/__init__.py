"""Pages of succession planning and rotation."""
