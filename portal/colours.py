"""The colour of the business: whether words can be read on it, and the nearest shade on which they can."""

import re
from colorsys import hls_to_rgb, rgb_to_hls

READABLE = 4.5
COLOUR = re.compile(r"#[0-9a-f]{6}")


def is_colour(written: str) -> bool:
    return COLOUR.fullmatch(written) is not None


def parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """How bright it looks, from 0 to 1 (WCAG 2)."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour: str) -> float:
    """Of white words on it."""
    return 1.05 / (luminance(colour) + 0.05)


def is_readable(colour: str) -> bool:
    return contrast(colour) >= READABLE


def readable(colour: str) -> str:
    """The same hue, darker by as little as will do."""
    hue, light, full = rgb_to_hls(*parts(colour))
    for step in range(101):
        darker = hls_to_rgb(hue, light * (100 - step) / 100, full)
        shade = "#" + "".join(f"{int(part * 255):02x}" for part in darker)
        if is_readable(shade):
            return shade
    return "#000000"
