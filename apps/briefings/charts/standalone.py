"""A chart outside the site: the light colours of the style sheet, inside the picture itself."""

from html import unescape

COLOURS = {
    "g-policymaker": "#275ca7",
    "g-civil": "#009754",
    "g-company": "#ec4801",
    "g-association": "#6b4111",
    "g-research": "#9c47eb",
    "g-union": "#b80068",
    "g-individual": "#22403c",
    "g-other": "#7f789a",
    "s-support": "#1b5fa8",
    "s-changes": "#3f82c6",
    "s-neutral": "#828985",
    "s-oppose": "#b5540a",
    "s-cannot": "#6d7672",
}
RULES = """
text{fill:#15201c;font-family:"Noto Sans","Libertinus Serif";font-size:15px}
.soft{fill:#4a5751}.strong{font-weight:650}
.axis{stroke:#7b857f;fill:none}.rule{stroke:#d6dbd6;fill:none}
.fill-action{fill:#075a5b}.line-action{stroke:#075a5b;fill:none}
.fill-panel{fill:#ffffff}.bench{fill:#f1f4f1;stroke:#d6dbd6}.vacant{fill:none;stroke:#7b857f}
"""


def standalone_svg(chart: str) -> str:
    """Return the chart as a file of its own, to be drawn where no style sheet reaches."""
    colours = "".join(f".{name}{{color:{colour}}}" for name, colour in COLOURS.items())
    style = f"<style>{RULES}{colours}</style>"
    head, rest = chart.split(">", 1)
    return f'{head} xmlns="http://www.w3.org/2000/svg">{style}{rest}'


def chart_words(chart: str) -> tuple[str, str]:
    """Return the title of a chart and its description with all values, as plain text."""
    title, words = (
        chart.split(f"<{name}", 1)[1].split(">", 1)[1].split("<", 1)[0]
        for name in ("title", "desc")
    )
    return unescape(title), unescape(words)
