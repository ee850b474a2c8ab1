"""Icons from a small part of SVG to PNG: rect, circle, polygon, polyline, line; fill, stroke, stroke-width.

Whole numbers only and no compression library, so that the same drawing gives the same bytes on every machine.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, isqrt, pi, sin
from xml.parsers import expat

Point = tuple[int, int]
UNIT = 64  # steps a pixel of the drawing
ROWS = 4  # sub-lines a pixel of the picture
_ROUND = 24  # corners of a circle
_KNOWN = frozenset({"svg", "g", "title", "rect", "circle", "polygon", "polyline", "line"})


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled area: its colour as (red, green, blue), and its outlines, in steps of 1/64."""

    colour: tuple[int, int, int]
    outlines: tuple[tuple[Point, ...], ...]


def png(svg: str, size: int) -> bytes:
    """A drawing as a square picture of ``size`` pixels; ValueError where it uses more than we draw."""
    side, shapes = _read(svg)
    step = side * UNIT // size  # steps of the drawing a pixel of the picture
    if step * size != side * UNIT or step % ROWS:
        raise ValueError(f"a drawing of {side} cannot become {size} pixels")
    pixels = [(0, 0, 0, 0)] * (size * size)
    for shape in shapes:
        for at, cover in _covered(shape, size, step):
            pixels[at] = _over(pixels[at], shape.colour, cover)
    return _encoded(pixels, size)


def _read(svg: str) -> tuple[int, list[Shape]]:
    shapes: list[Shape] = []
    sides: list[int] = []

    def start(name: str, attrs: dict[str, str]) -> None:
        if name not in _KNOWN:
            raise ValueError(f"<{name}> is not drawn")
        if name == "svg":
            sides.append(int(attrs["viewBox"].split()[2]))
        elif name not in ("g", "title"):
            shapes.extend(_shapes(name, attrs))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(svg, True)
    return sides[0], shapes


def _shapes(name: str, attrs: Mapping[str, str]) -> Iterator[Shape]:
    points, closed = _points(name, attrs)
    if (fill := attrs.get("fill", "none")) != "none":
        yield Shape(_colour(fill), (tuple(points),))
    if (stroke := attrs.get("stroke", "none")) != "none":
        ring = [*points, points[0]] if closed else points
        yield Shape(_colour(stroke), tuple(_stroke(ring, _steps(attrs.get("stroke-width", "1")))))


def _points(name: str, attrs: Mapping[str, str]) -> tuple[list[Point], bool]:
    """The corners of a shape, and whether it is closed."""
    number = {key: _steps(value) for key, value in attrs.items() if value.replace(".", "", 1).isdigit()}
    if name == "rect":
        x, y = number["x"], number["y"]
        right, low = x + number["width"], y + number["height"]
        return [(x, y), (right, y), (right, low), (x, low)], True
    if name == "circle":
        return _circle((number["cx"], number["cy"]), number["r"]), True
    if name == "line":
        return [(number["x1"], number["y1"]), (number["x2"], number["y2"])], False
    pairs = [pair.split(",") for pair in attrs["points"].split()]
    return [(_steps(x), _steps(y)) for x, y in pairs], name == "polygon"


def _steps(text: str) -> int:
    return round(float(text) * UNIT)


def _colour(text: str) -> tuple[int, int, int]:
    if len(text) != 7 or text[0] != "#":
        raise ValueError(f"a colour is written #rrggbb, not {text}")
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _circle(centre: Point, radius: int) -> list[Point]:
    turns = (2 * pi * n / _ROUND for n in range(_ROUND))
    return [(centre[0] + round(radius * cos(t)), centre[1] + round(radius * sin(t))) for t in turns]


def _stroke(points: Sequence[Point], width: int) -> Iterator[tuple[Point, ...]]:
    """A line with round ends and corners as areas, all turning the same way."""
    half = width // 2
    for (x1, y1), (x2, y2) in pairwise(points):
        length = isqrt((x2 - x1) ** 2 + (y2 - y1) ** 2) or 1
        across, along = half * (y2 - y1) // length, half * (x2 - x1) // length
        yield (
            (x1 + across, y1 - along),
            (x2 + across, y2 - along),
            (x2 - across, y2 + along),
            (x1 - across, y1 + along),
        )
    for point in points:
        yield tuple(_circle(point, half))


def _covered(shape: Shape, size: int, step: int) -> Iterator[tuple[int, int]]:
    """(position of a pixel, 0-255 of it that is covered) of the pixels a shape touches."""
    for row in range(size):
        covers = [0] * size
        for part in range(ROWS):
            y = row * step + part * step // ROWS + step // (2 * ROWS)
            for left, right in _spans(shape, y):
                for column in range(max(left // step, 0), min(right // step + 1, size)):
                    inside = min(right, (column + 1) * step) - max(left, column * step)
                    covers[column] += max(inside, 0)
        for column, cover in enumerate(covers):
            opacity = min(255, cover * 255 // (step * ROWS))
            if opacity:
                yield row * size + column, opacity


def _spans(shape: Shape, y: int) -> list[tuple[int, int]]:
    """The stretches of a line that lie inside any of the outlines, without overlap."""
    found: list[tuple[int, int]] = []
    for outline in shape.outlines:
        crossings = sorted(_crossings(outline, y))
        found += zip(crossings[::2], crossings[1::2], strict=False)
    joined: list[tuple[int, int]] = []
    for left, right in sorted(found):
        if joined and left <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(right, joined[-1][1]))
        else:
            joined.append((left, right))
    return joined


def _crossings(outline: Sequence[Point], y: int) -> Iterator[int]:
    for (x1, y1), (x2, y2) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if (y1 <= y) != (y2 <= y):
            yield x1 + (x2 - x1) * (y - y1) // (y2 - y1)


def _over(
    below: tuple[int, int, int, int], colour: tuple[int, int, int], cover: int
) -> tuple[int, int, int, int]:
    """A colour laid over a pixel; red, green, blue, opacity of 0-255."""
    opacity = cover + below[3] * (255 - cover) // 255
    mixed = [
        (mine * cover * 255 + old * below[3] * (255 - cover)) // (255 * opacity)
        for mine, old in zip(colour, below, strict=False)
    ]
    return mixed[0], mixed[1], mixed[2], opacity


def _encoded(pixels: Sequence[tuple[int, int, int, int]], size: int) -> bytes:
    rows = (pixels[at : at + size] for at in range(0, len(pixels), size))
    raw = b"".join(b"\x00" + b"".join(bytes(pixel) for pixel in row) for row in rows)
    head = struct.pack(">LLBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", _stored(raw)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(kind, data) for kind, data in parts)


def _part(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def _stored(raw: bytes) -> bytes:
    """A zlib stream of stored blocks: what a compressor makes may change with its version."""
    blocks = [raw[at : at + 0xFFFF] for at in range(0, len(raw), 0xFFFF)]
    body = b"".join(
        struct.pack("<BHH", index == len(blocks) - 1, len(block), len(block) ^ 0xFFFF) + block
        for index, block in enumerate(blocks)
    )
    return b"\x78\x01" + body + struct.pack(">L", zlib.adler32(raw))
