"""The pictures of demonstration resources, drawn here: flat shapes in the colours of the house."""

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 800
THUMBNAIL = (480, 320)
FLOOR = 600
"""Where the floor begins, from the top."""

TEAL, DEEP, SAND, CREAM = "#0f5c63", "#0b3f45", "#e9dcc4", "#f7f1e5"
CORAL, SUN, LEAF, WOOD, SLATE, SKY = (
    "#d9694a",
    "#efb746",
    "#6b9a5b",
    "#b98a5a",
    "#5b6770",
    "#bfdde2",
)
WALLS = (CREAM, "#e6efe9", "#f3e6dd", "#e4ecf0")

Pen = ImageDraw.ImageDraw


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, ready to be kept."""

    content: bytes
    thumbnail: bytes
    width: int = WIDTH
    height: int = HEIGHT
    content_type: str = "image/webp"


def _window(pen: Pen, x: int, y: int = 130) -> None:
    pen.rectangle((x, y, x + 220, y + 260), fill=SKY, outline="white", width=14)
    pen.line((x + 110, y, x + 110, y + 260), fill="white", width=10)
    pen.line((x, y + 130, x + 220, y + 130), fill="white", width=10)


def _chair(pen: Pen, x: int, y: int, size: float = 1.0, colour: str = CORAL) -> None:
    wide, high = int(70 * size), int(90 * size)
    pen.rounded_rectangle((x, y - high, x + wide, y - high // 3), 10, fill=colour)
    pen.rectangle((x - 4, y - high // 3, x + wide + 4, y - high // 4), fill=DEEP)
    for leg in (x, x + wide - 8):
        pen.rectangle((leg, y - high // 4, leg + 8, y + high // 3), fill=DEEP)


def _table(pen: Pen, x: int, y: int, wide: int = 420) -> None:
    pen.rounded_rectangle((x, y, x + wide, y + 26), 8, fill=WOOD)
    for leg in (x + 30, x + wide - 46):
        pen.rectangle((leg, y + 26, leg + 16, y + 150), fill=SLATE)


def _screen(pen: Pen, x: int, y: int, wide: int, high: int) -> None:
    pen.rounded_rectangle((x, y, x + wide, y + high), 12, fill=DEEP)
    pen.rectangle((x + 14, y + 14, x + wide - 14, y + high - 14), fill="#dfeff0")


def _room(pen: Pen) -> None:
    _window(pen, 150)
    _window(pen, 830)
    for x in (330, 480, 630, 780):
        _chair(pen, x, 560)
    _table(pen, 300, 540, 600)


def _stage(pen: Pen) -> None:
    pen.rectangle((100, 480, 1100, FLOOR), fill=WOOD)
    for x in (100, 960):
        pen.rectangle((x, 90, x + 140, 480), fill=CORAL)
    _screen(pen, 380, 150, 440, 240)
    for x in range(160, 1040, 120):
        _chair(pen, x, 710, colour=TEAL)


def _hall(pen: Pen) -> None:
    for x in (90, 380, 670, 960):
        _window(pen, x, 100)
    for row, y in enumerate((560, 640, 730)):
        for x in range(120 - 20 * row, 1080, 105):
            _chair(pen, x, y, 0.8 + 0.1 * row, colour=(TEAL, CORAL, SUN)[row])


def _meeting(pen: Pen) -> None:
    _screen(pen, 400, 120, 400, 230)
    for x in range(230, 960, 130):
        _chair(pen, x, 520, 0.9, TEAL)
    pen.ellipse((180, 490, 1020, 640), fill=WOOD)
    for x in range(230, 960, 130):
        _chair(pen, x, 700, 0.9, TEAL)


def _computers(pen: Pen) -> None:
    for y in (400, 600):
        for x in (140, 400, 660, 920):
            _screen(pen, x, y - 150, 170, 110)
            pen.rectangle((x + 75, y - 40, x + 95, y - 10), fill=SLATE)
        _table(pen, 100, y - 12, 1010)


def _desks(pen: Pen) -> None:
    for x, y in ((120, 380), (480, 380), (840, 380), (120, 590), (480, 590), (840, 590)):
        _table(pen, x, y, 250)
        pen.line((x + 190, y, x + 190, y - 70, x + 150, y - 90), fill=DEEP, width=8)
        pen.polygon(((x + 120, y - 60), (x + 170, y - 110), (x + 180, y - 70)), fill=SUN)


def _kitchen(pen: Pen) -> None:
    pen.rectangle((100, 380, 1100, FLOOR + 40), fill=TEAL)
    pen.rectangle((90, 360, 1110, 384), fill=WOOD)
    pen.rounded_rectangle((180, 420, 420, 600), 14, fill=DEEP)
    pen.rounded_rectangle((205, 460, 395, 570), 10, fill=SUN)
    pen.ellipse((640, 330, 860, 390), fill=SLATE)
    pen.line((750, 330, 750, 240, 690, 240, 690, 280), fill=SLATE, width=16)
    for x in (480, 560, 920, 1000):
        pen.rounded_rectangle((x, 300, x + 60, 360), 10, fill=CORAL)


def _workshop(pen: Pen) -> None:
    for place, x in enumerate(range(220, 1000, 130)):
        pen.rectangle((x, 130, x + 24, 330), fill=(WOOD, SLATE, CORAL)[place % 3])
        pen.rectangle((x - 24, 120, x + 48, 165), fill=SLATE)
    _table(pen, 160, 480, 880)
    pen.rectangle((820, 420, 940, 480), fill=SLATE)
    pen.rounded_rectangle((300, 430, 620, 480), 6, fill=SAND)


def _studio(pen: Pen) -> None:
    pen.rounded_rectangle((180, 120, 1020, 400), 16, fill=SKY, outline="white", width=14)
    pen.rounded_rectangle((540, 250, 640, 430), 50, fill=DEEP)
    pen.line((590, 430, 590, 560), fill=DEEP, width=14)
    pen.rounded_rectangle((250, 560, 950, 660), 14, fill=SLATE)
    for x in range(290, 930, 60):
        pen.line((x, 580, x, 640), fill=CREAM, width=6)
        pen.rectangle((x - 12, 600, x + 12, 616), fill=CORAL)


def _garden(pen: Pen) -> None:
    pen.rectangle((0, 0, WIDTH, 420), fill=SKY)
    pen.rectangle((0, 420, WIDTH, HEIGHT), fill=LEAF)
    pen.ellipse((960, 60, 1080, 180), fill=SUN)
    for x in (160, 420, 900):
        pen.rectangle((x, 330, x + 30, 480), fill=WOOD)
        pen.ellipse((x - 90, 160, x + 120, 370), fill="#4f7d45")
    _table(pen, 420, 570, 360)
    pen.rounded_rectangle((380, 660, 820, 684), 8, fill=SAND)


def _cold(pen: Pen) -> None:
    for x in (320, 610):
        pen.rounded_rectangle((x, 110, x + 270, 660), 18, fill=SLATE)
        pen.rounded_rectangle((x + 24, 140, x + 246, 610), 10, fill=SKY)
        for y, colour in ((270, LEAF), (420, CORAL), (570, SUN)):
            pen.rounded_rectangle((x + 60, y - 60, x + 200, y), 8, fill=colour)
            pen.line((x + 24, y + 6, x + 246, y + 6), fill="white", width=12)
        pen.rectangle((x + 226, 340, x + 240, 440), fill=DEEP)


def _van(pen: Pen) -> None:
    pen.rounded_rectangle((180, 210, 760, 560), 20, fill=TEAL)
    pen.polygon(((770, 300), (920, 300), (1030, 430), (1030, 560), (770, 560)), fill=CORAL)
    pen.polygon(((800, 330), (905, 330), (975, 425), (800, 425)), fill=SKY)
    for x in (290, 820):
        pen.ellipse((x, 490, x + 140, 630), fill=DEEP)
        pen.ellipse((x + 40, 530, x + 100, 590), fill=SAND)


def _chairs(pen: Pen) -> None:
    for x, colour in ((260, CORAL), (510, TEAL), (760, SUN)):
        _chair(pen, x, 560, 2.6, colour)


def _tables(pen: Pen) -> None:
    _table(pen, 250, 400, 700)
    pen.rounded_rectangle((420, 330, 560, 400), 10, fill=CORAL)


def _projector(pen: Pen) -> None:
    pen.polygon(((560, 440), (1040, 180), (1040, 560)), fill="#fbeec2")
    pen.rounded_rectangle((240, 360, 600, 520), 24, fill=SLATE)
    pen.ellipse((500, 380, 600, 500), fill=DEEP)


def _bike(pen: Pen) -> None:
    for x in (240, 820):
        pen.ellipse((x, 420, x + 220, 640), outline=DEEP, width=18)
    pen.rounded_rectangle((180, 300, 560, 470), 16, fill=WOOD)
    pen.line((560, 460, 700, 330, 930, 530, 640, 530, 700, 330), fill=TEAL, width=18)
    pen.line((680, 260, 700, 330), fill=DEEP, width=14)
    pen.line((620, 250, 740, 250), fill=DEEP, width=14)


def _speaker(pen: Pen) -> None:
    for x in (280, 680):
        pen.rounded_rectangle((x, 180, x + 240, 640), 20, fill=DEEP)
        pen.ellipse((x + 50, 220, x + 190, 360), fill=SLATE)
        pen.ellipse((x + 30, 400, x + 210, 580), fill=CORAL)


def _tent(pen: Pen) -> None:
    pen.polygon(((200, 360), (600, 140), (1000, 360)), fill=CORAL)
    pen.polygon(((400, 360), (600, 140), (800, 360)), fill=CREAM)
    for x in (220, 960):
        pen.rectangle((x, 360, x + 20, 660), fill=SLATE)


def _laptop(pen: Pen) -> None:
    _screen(pen, 330, 180, 540, 350)
    pen.polygon(((270, 600), (930, 600), (870, 530), (330, 530)), fill=SLATE)


def _printer(pen: Pen) -> None:
    pen.rectangle((420, 160, 780, 340), fill="white", outline=SLATE, width=6)
    pen.rounded_rectangle((300, 320, 900, 560), 24, fill=SLATE)
    pen.rectangle((380, 500, 820, 650), fill="white", outline=SLATE, width=6)
    for y in (540, 570, 600):
        pen.line((420, y, 780, y), fill=SAND, width=8)
    pen.ellipse((820, 350, 860, 390), fill=LEAF)


def _person(pen: Pen) -> None:
    pen.ellipse((510, 150, 690, 330), fill=WOOD)
    pen.rounded_rectangle((430, 340, 770, 660), 70, fill=TEAL)
    pen.rounded_rectangle((770, 540, 980, 660), 14, fill=CORAL)
    pen.rectangle((830, 515, 920, 540), fill=DEEP)


def _tools(pen: Pen) -> None:
    pen.line((380, 220, 820, 620), fill=SLATE, width=44)
    pen.line((820, 220, 560, 450), fill=SLATE, width=22)
    pen.line((560, 450, 380, 620), fill=CORAL, width=64)
    pen.ellipse((310, 150, 450, 290), outline=SLATE, width=44)


DRAWINGS: Mapping[str, Callable[[Pen], None]] = {
    "room": _room,
    "stage": _stage,
    "hall": _hall,
    "meeting": _meeting,
    "computers": _computers,
    "desks": _desks,
    "kitchen": _kitchen,
    "workshop": _workshop,
    "studio": _studio,
    "garden": _garden,
    "chair": _chairs,
    "cold": _cold,
    "van": _van,
    "table": _tables,
    "projector": _projector,
    "bike": _bike,
    "speaker": _speaker,
    "tent": _tent,
    "laptop": _laptop,
    "printer": _printer,
    "person": _person,
    "tools": _tools,
}


def drawn(name: str, key: str) -> Picture:
    """Return a drawing; `key` chooses the colour of its wall."""
    wall = WALLS[hashlib.sha256(key.encode()).digest()[0] % len(WALLS)]
    image = Image.new("RGB", (WIDTH, HEIGHT), wall)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, FLOOR, WIDTH, HEIGHT), fill=SAND)
    DRAWINGS[name](pen)
    return Picture(content=_webp(image), thumbnail=_webp(image.resize(THUMBNAIL)))


def _webp(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=82, method=2)
    return buffer.getvalue()
