"""Programmes with host-State institutions; the planner's sheet."""

from polgap.sources._plain import PlainTable

SOURCE = PlainTable("programmes", "Programmes with host-State institutions")
