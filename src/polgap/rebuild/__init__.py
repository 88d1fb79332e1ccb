"""Rebuild: how the host-State police grow or shrink, and when which area can be handed over."""

from polgap.rebuild._handover import Handover, project

__all__ = ["Handover", "project"]
