"""Rules the plan must obey; the planner's sheet."""

from polgap.sources._plain import PlainTable

SOURCE = PlainTable("rules", "Rules the plan must obey")
