"""Offences in the books of the police by area, month and class; the planner's sheet.

Counts only. A month without a row was not observed and is never zero; `effort` says which share
of the stations was counted.
"""

from polgap.sources._plain import PlainTable

SOURCE = PlainTable("crime", "Offences reported by area and month")
