"""Pages of rotation: plans, the rotations of each, their course, the table by direction, the province's rules."""
