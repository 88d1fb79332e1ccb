"""Other providers of policing; the planner's sheet."""

from polgap.sources._plain import PlainTable

SOURCE = PlainTable("other_providers", "Other providers of policing")
