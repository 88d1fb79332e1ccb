"""Calibrate: which posture the mandate allows, and which force fits the requirement.

`cleared` reads the due diligence records, `cover` chooses sites, `posture` reads the rung of the
mandate ladder, `options` offers placed and costed plans with a proven bound (`status_quo`: the
present units alone), `verify` states each
rule again, without the program that made the plan.
"""

from polgap.calibrate import verify
from polgap.calibrate._diligence import cleared
from polgap.calibrate._options import options, status_quo
from polgap.calibrate._posture import posture
from polgap.calibrate.cover import cover

__all__ = ["cleared", "cover", "options", "posture", "status_quo", "verify"]
