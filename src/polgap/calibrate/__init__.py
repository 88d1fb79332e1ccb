"""Calibrate: which posture the mandate allows, and which force fits the requirement.

`cleared` reads the due diligence records, `cover` chooses sites by what is within reach and
`sites` by how near all of it is, `posture` reads the rung of the mandate ladder, `options` offers
placed and costed plans with a proven bound (`status_quo`: the present units alone; `recommend`: the
best alone; `placed`: units where somebody put them), `front` shows what more money buys, `cheapest`
how little will do, `replan` stays near an old plan after an event, `relax` names rules that
contradict each other, `retasked` says what a plan leaves where officers are re-tasked each month,
`robust` makes the plan that stands best where pledges fail, `unserved` says why nobody may serve an
area, `model` gives the program to other solvers, `verify` states each rule again, without the
program that made the plan.
"""

from polgap.calibrate import verify
from polgap.calibrate._cheapest import Cheapest, cheapest
from polgap.calibrate._diligence import cleared
from polgap.calibrate._failure import Robust, robust
from polgap.calibrate._front import Point, front
from polgap.calibrate._mentoring import RULE as MENTORING_WORTH
from polgap.calibrate._model import Model, model
from polgap.calibrate._options import options, status_quo
from polgap.calibrate._placed import placed
from polgap.calibrate._posture import posture
from polgap.calibrate._recommend import recommend
from polgap.calibrate._recourse import Retasked, retasked
from polgap.calibrate._relax import Relaxed, relax
from polgap.calibrate._replan import Change, Replanned, replan
from polgap.calibrate._unserved import Unserved, unserved
from polgap.calibrate.cover import cover
from polgap.calibrate.sites import Sites, sites

__all__ = [
    "MENTORING_WORTH", "Change", "Cheapest", "Model", "Point", "Relaxed", "Replanned",
    "Retasked", "Robust", "Sites", "Unserved", "cheapest", "cleared", "cover", "front", "model",
    "options", "placed", "posture", "recommend", "relax", "replan", "retasked", "robust", "sites",
    "status_quo", "unserved", "verify",
]  # fmt: skip
