"""Evidence: what past missions tell about effects, and how sure that is."""

from polgap.evidence._effects import effects

__all__ = ["effects"]
