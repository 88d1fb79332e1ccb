"""Willingness of host-State institutions, by area and indicator; the planner's sheet."""

from polgap.sources._plain import PlainTable

SOURCE = PlainTable("willingness", "Willingness of host-State institutions, by area and indicator")
