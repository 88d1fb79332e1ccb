"""Deploy: who can be there by when, what they bring and what they cost.

`travel_hours` gives travel times between areas (`road_graph`, `raster_graph` and `hours_between`
solve the planner's own network), `generate` draws when each pledge takes effect,
`place` puts a plan and its luck together; `curve`, `dates` and `critical_path` sum up. `schedule`
says when the activities of a `Project` start that share resources.
"""

from polgap.deploy._dates import critical_path, curve, dates
from polgap.deploy._generation import generate
from polgap.deploy._movement import SEASONS, TERRAINS, seats, travel_hours
from polgap.deploy._network import Graph, hours_between, raster_graph, road_graph
from polgap.deploy._place import assignable, place
from polgap.deploy.schedule import Project, Schedule, schedule

__all__ = [
    "SEASONS", "TERRAINS", "Graph", "Project", "Schedule", "assignable", "critical_path", "curve",
    "dates", "generate", "hours_between", "place", "raster_graph", "road_graph", "schedule",
    "seats", "travel_hours",
]  # fmt: skip
