"""Host-State police by institution and area; the planner's sheet."""

from polgap.sources._plain import PlainTable

SOURCE = PlainTable("host_police", "Host-State police by institution and area")
