"""``python -m polgap``."""

from polgap.cli import main

main()
