"""Calibrate: which posture the mandate allows, and which force fits the requirement.

`cleared` reads the due diligence records, `cover` chooses sites by what is within reach and `sites`
by how near all of it is, `posture` reads the rung of the mandate ladder, `options` offers placed
and costed plans with a proven bound, `front` shows what more money buys, `replan` stays near an
old plan after an event, `retasked` says what a plan leaves where officers are re-tasked each
month, `verify` states each rule again, without the program that made the plan.
"""

from polgap.calibrate import verify
from polgap.calibrate._diligence import cleared
from polgap.calibrate._front import Point, front
from polgap.calibrate._options import options
from polgap.calibrate._posture import posture
from polgap.calibrate._recourse import Retasked, retasked
from polgap.calibrate._replan import Change, Replanned, replan
from polgap.calibrate.cover import cover
from polgap.calibrate.sites import Sites, sites

__all__ = [
    "Change", "Point", "Replanned", "Retasked", "Sites", "cleared", "cover", "front", "options",
    "posture", "replan", "retasked", "sites", "verify",
]  # fmt: skip
