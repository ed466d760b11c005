"""Writing of succession planning and rotation."""
