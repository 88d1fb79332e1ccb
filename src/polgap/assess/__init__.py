"""Assess: how large the policing gap is, where, in which function, and why.

Need arises from the ground up, provision from host-State police who are there, able and willing;
the rest is the national shortfall, of which posture and powers make a mission requirement.
"""

from polgap.assess._left import left_open
from polgap.assess._measure import Ground, measure, survey
from polgap.assess._movers import grade, movers
from polgap.assess._overrides import check_override
from polgap.assess._stream import Part, Sketch, parts, sketch
from polgap.assess._women import women_on_duty

__all__ = [
    "Ground", "Part", "Sketch", "check_override", "grade", "left_open", "measure", "movers",
    "parts", "sketch", "survey", "women_on_duty",
]  # fmt: skip
