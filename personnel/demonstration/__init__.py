"""A fictional province for trying the system out (tỉnh trình diễn): a pure generator, no Django, no real person.

`generate(size=, seed=, day=)` returns the units of the province and its people; the same arguments always give the same
records. Communes, wards and former districts bear real names; everything about people is drawn at random.
"""

from personnel.demonstration.generator import Demonstration, generate

__all__ = ["Demonstration", "generate"]
