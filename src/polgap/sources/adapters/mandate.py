"""Mandate: paragraphs, tasks, powers, ceilings; the planner's sheet."""

from polgap.sources._plain import PlainTable

SOURCE = PlainTable("mandate", "Mandate: paragraphs, tasks, powers, ceilings")
