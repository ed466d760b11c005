"""Acts of rotation: yearly plans, the rotations of each, their course, and what the province rules."""
