"""Charts as SVG text for pages and PDFs: plain values in, one figure with a title out."""

from vciso.charts.bars import Bar, ranked_bars
from vciso.charts.columns import columns, hours_bar
from vciso.charts.exceedance import exceedance
from vciso.charts.heat import Point, heat_map
from vciso.charts.lines import spark, trend_line
from vciso.charts.screens import for_screens
from vciso.charts.small import limit_position, progress, share

__all__ = [
    "Bar",
    "Point",
    "columns",
    "exceedance",
    "for_screens",
    "heat_map",
    "hours_bar",
    "limit_position",
    "progress",
    "ranked_bars",
    "share",
    "spark",
    "trend_line",
]
