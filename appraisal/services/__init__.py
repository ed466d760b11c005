"""Writing of appraisal."""
