"""Deploy: who can be there by when, what they bring and what they cost.

`travel_hours` gives travel times between areas, `generate` draws when each pledge takes effect,
`place` puts a plan and its luck together (`station`: not yet multiplied out); `curve`, `dates` and
`critical_path` sum up.
"""

from polgap.deploy._dates import critical_path, curve, dates
from polgap.deploy._generation import generate
from polgap.deploy._movement import travel_hours
from polgap.deploy._place import place
from polgap.deploy._station import assignable, station

__all__ = [
    "assignable",
    "critical_path",
    "curve",
    "dates",
    "generate",
    "place",
    "station",
    "travel_hours",
]
