"""Puts blocks together to parts, and decides what is a heading where nothing says so."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from apps.analysis.outlining.escaping import escaped
from apps.analysis.outlining.headings import (
    LONGEST_HEADING,
    LONGEST_TITLE,
    Levels,
    is_keyed,
    is_title_line,
    parted,
    run_in,
)
from apps.analysis.outlining.parts import (
    MOST_PARTS,
    Block,
    Part,
    TooManyParts,
    excerpt,
    has_words,
)

Blocks = list[Block]
KEYED, ITEM = "§", "item"
_PASSED = "\\*_ \n\u00a0"
_PARTING = " \n\u00a0.:–—"


def assembled(blocks: Sequence[Block]) -> list[Part]:
    """Return the parts of a document; raise TooManyParts.

    Headings are those the format names; otherwise lines that look like headings of acts; otherwise
    numbered paragraphs; otherwise every paragraph is a part.
    """
    title, rest = _title_apart([b for b in blocks if has_words(b.words) or b.label])
    if not any(block.level for block in rest):
        if rest and not title.words and _is_bold_title(rest):
            title, rest = rest[0], rest[1:]
        rest = _promoted(rest, is_headed=title.level > 0)
    return _parts(title, _with_titles(rest))


def _title_apart(blocks: Blocks) -> tuple[Block, Blocks]:
    """Return the name of the document, with words "" where it has none, and all other blocks."""
    count = 0
    while count < len(blocks) and blocks[count].is_title:
        count += 1
    if count:
        words = " ".join(block.words for block in blocks[:count])
        return replace(blocks[0], words=words), blocks[count:]
    if blocks and blocks[0].level and not _number(blocks[0])[0]:
        levels = [block.level for block in blocks if block.level]
        if levels[0] == 1 and levels.count(1) == 1:
            return blocks[0], blocks[1:]
    return Block("", ""), blocks


def _is_bold_title(blocks: Blocks) -> bool:
    """Return whether the first line is the name of the document: bold, and a heading follows."""
    if len(blocks) < 2 or not _is_unnumbered(blocks[0]):
        return False
    return blocks[1].is_strong and len(blocks[1].words) <= LONGEST_HEADING


def _number(block: Block) -> tuple[str, str]:
    """Return the number of a block, printed by the program or typed, and its other words."""
    return (block.label, block.words) if block.label else parted(block.words)


def _promoted(blocks: Blocks, *, is_headed: bool) -> Blocks:
    found = _acts(blocks)
    if not found and not is_headed:
        found = _short_lines(blocks)
    if found:
        return _as_headings(blocks, found)
    # The only heading of a text may be the name of an act, or that of the one part it has.
    return blocks if is_headed else _numbered(blocks) or _each(blocks)


def _acts(blocks: Blocks) -> set[int]:
    """Return where headings of acts stand: lines such as "Article 4", numbers in bold type."""
    found = {
        place for place, block in enumerate(blocks) if _is_keyed_line(block) or _is_strong(block)
    }
    if not found:
        return found
    # Where numbered headings are bold, so is the preamble, which has no number.
    strong = sum(1 for place in found if blocks[place].is_strong)
    if strong > 1:
        found |= {place for place, block in enumerate(blocks) if _is_unnumbered(block)}
    return found


def _is_keyed_line(block: Block) -> bool:
    """Return whether a line is a bare "Article 4", or has nothing but a title behind it."""
    if block.is_table or len(block.words) > LONGEST_TITLE:
        return False
    label, words = _number(block)
    # "section 5." in small letters is the end of a sentence that was torn.
    is_keyed_number = bool(label) and is_keyed(label) and not label[0].islower()
    return is_keyed_number and (not words or is_title_line(words))


def _is_strong(block: Block) -> bool:
    if block.is_table or len(block.words) > LONGEST_HEADING or not _number(block)[0]:
        return False
    words = _number(block)[1]
    # Capitals before a dash or a colon begin a sentence: "(a) IN GENERAL.--Not later than".
    is_capital = words.isupper() and sum(map(str.isalpha, words)) > 1
    return block.is_strong or (is_capital and words[-1] not in "-–—:;,")


def _is_unnumbered(block: Block) -> bool:
    if block.is_table or block.label or len(block.words) > LONGEST_TITLE:
        return False
    return block.is_strong and block.words[-1:] not in ".;:,"


def _short_lines(blocks: Blocks) -> set[int]:
    """Return where short numbered lines stand over longer text, such as "A. Purpose"."""
    found = {place for place, block in enumerate(blocks) if _is_short_line(block)}
    over = sum(1 for place in found if place + 1 < len(blocks) and place + 1 not in found)
    return found if len(found) > 1 and 2 * over >= len(found) else set()


def _is_short_line(block: Block) -> bool:
    if block.is_table or len(block.words) > LONGEST_TITLE:
        return False
    label, words = _number(block)
    return bool(label) and has_words(words) and words[-1] not in ".;:,?" and words[0].isupper()


def _as_headings(blocks: Blocks, places: set[int]) -> Blocks:
    levels = Levels()
    return [
        replace(block, level=levels.of(_number(block)[0])) if place in places else block
        for place, block in enumerate(blocks)
    ]


def _numbered(blocks: Blocks) -> Blocks:
    """Return numbered paragraphs of the outermost kind as parts; [] where there are not two."""
    shapes = list(map(_shape, blocks))
    # "Sec. 2. Purpose. The Congress finds" stands over paragraphs numbered in signs.
    first = KEYED if shapes.count(KEYED) > 1 else next(filter(None, shapes), "")
    found = {place for place, shape in enumerate(shapes) if shape and shape == first}
    return _split_at(blocks, found.__contains__) if len(found) > 1 else []


def _shape(block: Block) -> str:
    """Return the kind of number of a paragraph: "9." for "12.", "(9)" for "(3)"; "" without one."""
    if block.is_table or (block.label and not block.is_item):
        return ""
    label, _words = _number(block)
    if label and is_keyed(label):
        return "" if label[0].islower() else KEYED
    bare = label.strip("().")
    if bare.isdigit() and bare != label:
        return label.replace(bare, "9")
    return ITEM if block.label else ""


def _each(blocks: Blocks) -> Blocks:
    found: Blocks = []
    count = 0
    for block in blocks:
        if has_words(block.words) and not block.is_note:
            count += 1
            found.append(Block("", excerpt(block.words), level=1, label=str(count)))
        found.append(replace(block, is_close=False))
    return found


def _split_at(blocks: Blocks, is_start: Callable[[int], bool]) -> Blocks:
    found: Blocks = []
    width = 0
    for place, block in enumerate(blocks):
        if not is_start(place):
            found.append(replace(block, text=outdented(block.text, width)))
            continue
        label, words = _number(block)
        width = len(label) + 1 if block.label else 0
        text = block.inner if block.label else without_start(block.text, label)
        if title := run_in(words):
            text, words = without_start(text, title), words.removeprefix(title).lstrip(" .-—")
        found.append(Block("", title or excerpt(words) or label, level=1, label=label))
        found.append(Block(text, words))
    return found


def outdented(text: str, width: int) -> str:
    """Return Markdown without the indent of the item it stood in."""
    lines = text.split("\n")
    return "\n".join(line[min(len(line) - len(line.lstrip(" ")), width) :] for line in lines)


def without_start(text: str, start: str) -> str:
    """Return Markdown without the number or title it begins with, and what parts it from the rest.

    Signs of the start may be escaped or emphasised; the whole text is returned where it begins
    with something else.
    """
    place = 0
    for sign in "".join(start.split()):
        while place < len(text) and text[place] in _PASSED and text[place] != sign:
            place += 1
        if text[place : place + 1] != sign:
            return text
        place += 1
    opened = text[: len(text) - len(text.lstrip("*_"))]
    rest = text[place:].lstrip(_PARTING)
    if opened and rest.startswith(opened):
        return rest[len(opened) :].lstrip(_PARTING)
    return opened + rest


def _with_titles(blocks: Blocks) -> Blocks:
    """Give every heading its number, and a bare "Article 4" the title on the line below."""
    found: Blocks = []
    for block in blocks:
        over = found[-1] if found else None
        if over is not None and over.level and not over.words and _is_title_of(block, over):
            found[-1] = replace(over, words=block.words, key=over.key or block.key)
        elif block.level:
            found += _headed(block)
        else:
            found.append(block)
    return found


def _headed(block: Block) -> Blocks:
    label, words = _number(block)
    if len(words) <= LONGEST_HEADING:
        return [replace(block, label=label, words=words.strip())]
    # Contracts have whole clauses in the style of headings.
    text = block.text or escaped(block.words)
    text = text if block.label else without_start(text, label)
    title = run_in(words)
    body = without_start(text, title) if title else text
    return [replace(block, label=label, words=title or excerpt(words)), Block(body, words)]


def _is_title_of(block: Block, over: Block) -> bool:
    if block.is_table or block.label:
        return False
    if block.level:
        is_below = block.level >= over.level
        return is_below and not parted(block.words)[0] and len(block.words) <= LONGEST_TITLE
    return is_title_line(block.words)


def _parts(title: Block, blocks: Blocks) -> list[Part]:
    depths = {
        level: depth for depth, level in enumerate(sorted({b.level for b in blocks} - {0}), 1)
    }
    found = []
    for head, body in _grouped(title, blocks):
        text = joined(sorted(body, key=lambda block: block.is_note))
        if not head.level and not has_words(text):
            continue
        words = head.words or excerpt(" ".join(block.words for block in body[:8]))
        label = head.label
        if not has_words(words):
            words, label = label or excerpt(text), ""
        found.append(Part(words, text, label, depths.get(head.level, 1), head.key))
        if len(found) > MOST_PARTS:
            raise TooManyParts(f"more than {MOST_PARTS} parts")
    return found


def _grouped(title: Block, blocks: Blocks) -> Iterator[tuple[Block, Blocks]]:
    head = replace(title, level=0, label="")
    body: Blocks = []
    for block in blocks:
        if block.level:
            yield head, body
            head, body = block, []
        else:
            body.append(block)
    yield head, body


def joined(blocks: Blocks) -> str:
    """Return the Markdown of blocks under each other."""
    pieces: list[str] = []
    for block in blocks:
        if pieces:
            pieces.append("\n" if block.is_close else "\n\n")
        pieces.append(block.text)
    return "".join(pieces).strip("\n")
