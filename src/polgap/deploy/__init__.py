"""Deploy: who can be there by when, what they bring and what they cost.

`travel_hours` gives travel times between areas (`road_graph`, `raster_graph` and `hours_between`
solve the planner's own network), `generate` draws when each pledge takes effect,
`place` puts a plan and its luck together (`station`: not yet multiplied out); `curve`, `dates` and
`critical_path` sum up. `schedule` says when the activities of a `Project` start that share
resources. `bars` and `criticality` say what the build-up hangs on, `bridging` who stands in until
it is there, `turnover` what falls due.
"""

from polgap.deploy._bridge import bridging, covered_from
from polgap.deploy._dates import critical_path, curve, dates
from polgap.deploy._generation import generate
from polgap.deploy._hang import bars, criticality
from polgap.deploy._movement import SEASONS, TERRAINS, seats, travel_hours
from polgap.deploy._network import Graph, hours_between, raster_graph, road_graph
from polgap.deploy._place import place
from polgap.deploy._station import Stationed, assignable, station
from polgap.deploy._turnover import turnover
from polgap.deploy.schedule import Call, Project, Schedule, schedule

__all__ = [
    "SEASONS", "TERRAINS", "Call", "Graph", "Project", "Schedule", "Stationed", "assignable",
    "bars", "bridging", "covered_from", "critical_path", "criticality", "curve", "dates",
    "generate", "hours_between", "place", "raster_graph", "road_graph", "schedule", "seats",
    "station", "travel_hours", "turnover",
]  # fmt: skip
