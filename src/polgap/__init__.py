"""PolGap: see the policing gap, plan the force, hand over."""

__version__ = "0.1.0"
__all__ = ["__version__"]
