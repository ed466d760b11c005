"""Reading what offices send: units, rosters; everything is checked before anything is written."""
