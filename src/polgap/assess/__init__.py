"""Assess: how large the policing gap is, where, in which function, and why.

Need arises from the ground up, provision from host-State police who are there, able and willing;
the rest is the national shortfall, of which posture and powers make a mission requirement.
"""

from polgap.assess._compare import NeedModels, need_models
from polgap.assess._information import IDLE, SHORT, Worth, choice_worth, planning_worth
from polgap.assess._left import left_open, uncovered
from polgap.assess._measure import Ground, measure, survey
from polgap.assess._movers import grade, grade_steps, movers
from polgap.assess._overrides import check_override
from polgap.assess._sensitivity import given_data, pick_freeze, varied
from polgap.assess._silence import unsilenced
from polgap.assess._stream import Part, Sketch, chunks, parts, sketch
from polgap.assess._turning import turning_points
from polgap.assess._women import women_on_duty

__all__ = [
    "IDLE", "SHORT", "Ground", "NeedModels", "Part", "Sketch", "Worth", "check_override",
    "choice_worth", "chunks", "given_data", "grade", "grade_steps", "left_open", "measure",
    "movers", "need_models", "parts", "pick_freeze", "planning_worth", "sketch", "survey",
    "turning_points", "uncovered", "unsilenced", "varied", "women_on_duty",
]  # fmt: skip
