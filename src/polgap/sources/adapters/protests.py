"""Public assemblies by area and month, and how many turned violent; the planner's sheet.

Peaceful assembly creates a need for facilitation, never for suppression. A month without a row
was not observed and is never zero.
"""

from polgap.sources._plain import PlainTable

SOURCE = PlainTable("protests", "Public assemblies by area and month")
