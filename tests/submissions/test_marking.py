"""A text cut at the edges of its used spans is still that text."""

from hypothesis import given
from hypothesis import strategies as st

from apps.submissions.marking import Span, divided, mark_query, notes_of, read_span
from apps.submissions.sections import Mark

TEXTS = {"answer:a": "0123456789" * 5, "point:1:reason": "abcdefghij"}
edges = st.tuples(st.integers(0, 49), st.integers(1, 50)).filter(lambda e: e[0] < e[1])


def mark(start, end, part="answer:a"):
    return Mark(part, start, end, f"{start}-{end}", "/claim/")


@given(st.lists(edges, max_size=8), st.none() | edges)
def test_nothing_is_lost_or_repeated_and_highlights_cover_exactly_their_spans(spans, asked):
    text = TEXTS["answer:a"]
    notes = notes_of([mark(*span) for span in spans], TEXTS)
    wanted = Span("answer:a", *asked) if asked else None
    segments = divided("answer:a", text, notes, wanted).segments
    assert "".join(segment.words for segment in segments) == text
    for note in notes:
        covered = "".join(s.words for s in segments if note.number in s.notes)
        assert covered == text[note.span.start : note.span.end]
        assert sum(note.number in segment.ends for segment in segments) == 1
    if wanted:
        assert "".join(s.words for s in segments if s.is_asked) == text[wanted.start : wanted.end]
        assert sum(segment.is_first_asked for segment in segments) == 1
    anchors = [segment.anchor for segment in segments if segment.anchor]
    assert len(anchors) == len(set(anchors)) == len({note.span.start for note in notes})


def test_notes_follow_the_reading_order_and_share_a_span():
    notes = notes_of([mark(0, 3, "point:1:reason"), mark(20, 30), mark(5, 9), mark(5, 9)], TEXTS)
    assert [(n.number, n.span.part, n.span.start, len(n.uses)) for n in notes] == [
        (1, "answer:a", 5, 2),
        (2, "answer:a", 20, 1),
        (3, "point:1:reason", 0, 1),
    ]


def test_an_address_of_a_span_is_read_back():
    assert mark_query("answer:a#2", 3, 9) == "?mark=answer:a%232:3-9#marked"
    assert read_span("answer:a:3-9", TEXTS) == Span("answer:a", 3, 9)
