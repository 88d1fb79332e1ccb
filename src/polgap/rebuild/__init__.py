"""Rebuild: how the host-State police grow or shrink, and when which area can be handed over."""

from polgap.rebuild._handover import Handover, growth, project

__all__ = ["Handover", "growth", "project"]
