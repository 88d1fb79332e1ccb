"""Human-rights due diligence records; the planner's sheet."""

from polgap.sources._plain import PlainTable

SOURCE = PlainTable("hrddp", "Human-rights due diligence of support to host-State institutions")
