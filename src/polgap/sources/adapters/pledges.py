"""Pledges of police-contributing countries; the planner's sheet."""

from polgap.sources._plain import PlainTable

SOURCE = PlainTable("pledges", "Pledges of police-contributing countries")
