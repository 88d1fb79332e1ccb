"""Deploy: who can be there by when, what they bring and what they cost.

`travel_hours` gives travel times between areas, `generate` draws when each pledge takes effect,
`place` puts a plan and its luck together; `curve`, `dates` and `critical_path` sum up.
"""

from polgap.deploy._dates import critical_path, curve, dates
from polgap.deploy._generation import generate
from polgap.deploy._movement import travel_hours
from polgap.deploy._place import assignable, place

__all__ = [
    "assignable",
    "critical_path",
    "curve",
    "dates",
    "generate",
    "place",
    "travel_hours",
]
