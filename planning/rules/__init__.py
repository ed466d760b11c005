"""The law of succession planning as dated data and pure functions."""
