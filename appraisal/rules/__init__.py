"""The law of appraisal as dated data and pure functions: levels, caps, grounds, deadlines."""
