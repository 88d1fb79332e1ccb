"""Pictures of a brief: pure functions from numbers and written labels to SVG text.

No figure knows a language or a run: labels come in written, a place name as `Raw`. Colour never
carries a meaning alone: maps have letters and hatching, bars have labels, lines have dashes.
"""

from polgap.brief.figures.bars import Bar, Bullet, bars, bullets, intervals, stacked, strip, tornado
from polgap.brief.figures.curve import Line, Step, curve, steps
from polgap.brief.figures.dots import Dot, dots, tenths
from polgap.brief.figures.fan import fan
from polgap.brief.figures.gantt import Key, Lane, Task, gantt
from polgap.brief.figures.map import LETTERS, Shape, breaks_of, choropleth, class_of
from polgap.brief.figures.months import MonthMap, month_maps
from polgap.brief.figures.panels import Panel, panels, spark
from polgap.brief.figures.parts import Parted, parted
from polgap.brief.figures.waterfall import Stage, waterfall

__all__ = [
    "LETTERS", "Bar", "Bullet", "Dot", "Key", "Lane", "Line", "MonthMap", "Panel", "Parted",
    "Shape", "Stage", "Step", "Task", "bars", "breaks_of", "bullets", "choropleth", "class_of",
    "curve", "dots", "fan", "gantt", "intervals", "month_maps", "panels", "parted", "spark",
    "stacked", "steps", "strip", "tenths", "tornado", "waterfall",
]  # fmt: skip
