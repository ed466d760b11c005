"""Reading what is sent to succession planning: standards of titles, tallies of votes."""
