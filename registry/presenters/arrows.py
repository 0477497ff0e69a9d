"""Lines and arrows of drawn figures, by presentation attributes only."""

MUTED = "#4c5765"


def arrow_down(x: float, y: float, to_y: float) -> str:
    """Down to just above `to_y`, in units of the drawing."""
    return line(f"M{x:g} {y:g}V{to_y - 6:g}") + _head(f"M{x - 4.5:g} {to_y - 8:g}h9l-4.5 8z")


def arrow_right(x: float, y: float, to_x: float) -> str:
    """To the right, to just before `to_x`, in units of the drawing."""
    return line(f"M{x:g} {y:g}H{to_x - 6:g}") + _head(f"M{to_x - 8:g} {y - 4.5:g}v9l8-4.5z")


def line(path: str) -> str:
    """A line without a head; `path` in the words of SVG."""
    return f'<path class="arrow" d="{path}" fill="none" stroke="{MUTED}" stroke-width="1.25"/>'


def _head(path: str) -> str:
    return f'<path class="arrow-head" d="{path}" fill="{MUTED}"/>'
