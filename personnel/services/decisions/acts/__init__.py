"""The kinds of decision, each one class; importing this package registers them."""

from personnel.services.decisions.acts import (
    entering,
    leaving,
    merit,
    movement,
    pay,
    posts,
    revising,
    stepping_down,
    study,
)

__all__ = ["entering", "leaving", "merit", "movement", "pay", "posts", "revising", "stepping_down", "study"]
