"""Which fonts print may use: those typst brings, and Noto where it is installed."""

from functools import lru_cache
from pathlib import Path

import typst

FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
    Path("/Library/Fonts"),
    Path.home() / "Library/Fonts",
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)


@lru_cache(maxsize=1)
def printed_fonts() -> typst.Fonts:
    """Return the fonts for typst; without any on the system the embedded ones remain.

    Only Noto is looked for: what else is installed on a machine must not change how print
    looks, and Noto covers every script.
    """
    folders = sorted({font.parent for font in _noto_files()})
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in folders])


def _noto_files() -> list[Path]:
    present = [folder for folder in FONT_FOLDERS if folder.is_dir()]
    return [
        font
        for folder in present
        for font in folder.rglob("Noto*")
        if font.suffix.lower() in (".ttf", ".otf", ".ttc")
    ]
