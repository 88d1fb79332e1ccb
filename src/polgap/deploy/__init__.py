"""Deploy: who can be there by when, what they bring and what they cost.

`travel_hours` gives travel times between areas (`road_graph`, `raster_graph` and `hours_between`
solve the planner's own network), `generate` draws when each pledge takes effect,
`place` puts a plan and its luck together (`station`: not yet multiplied out); `curve`, `dates` and
`critical_path` sum up.
"""

from polgap.deploy._dates import critical_path, curve, dates
from polgap.deploy._generation import generate
from polgap.deploy._movement import SEASONS, TERRAINS, seats, travel_hours
from polgap.deploy._network import Graph, hours_between, raster_graph, road_graph
from polgap.deploy._place import place
from polgap.deploy._station import assignable, station

__all__ = [
    "SEASONS", "TERRAINS", "Graph", "assignable", "critical_path", "curve", "dates", "generate",
    "hours_between", "place", "raster_graph", "road_graph", "seats", "station", "travel_hours",
]  # fmt: skip
