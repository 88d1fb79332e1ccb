"""Evidence: what past missions tell about effects and arrival, and how sure that is."""

from polgap.evidence._effects import CAP, effects
from polgap.evidence.arrival import ArrivalLaw, known

__all__ = ["CAP", "ArrivalLaw", "effects", "known"]
