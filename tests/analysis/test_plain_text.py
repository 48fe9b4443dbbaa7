"""Text files are read piece by piece, wherever a piece may end."""

import io

import pytest

from apps.analysis.files import plain
from apps.analysis.files.limits import Unfit


@pytest.fixture(autouse=True)
def _short_pieces(monkeypatch):
    monkeypatch.setattr(plain, "PIECE", 7)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("text", ["Été à Genève, 日本語 😀.", "One.\r\nTwo.\r\rThree.", "x"])
def test_no_sign_is_lost_where_a_piece_ends(text, encoding):
    plain.check(io.BytesIO(text.encode(encoding)))
    written = io.BytesIO()
    plain.clean(io.BytesIO(text.encode(encoding)), written)
    assert written.getvalue().decode() == text
    read = "\n".join(text.splitlines())
    assert list(plain.pages(io.BytesIO(text.encode(encoding)))) == [read]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" \n \n \n \n \n", "empty"),
        ("Été".encode()[:-1], "encoding"),
        ("Été".encode("utf-16")[:-1], "encoding"),
        (b"Words that go on.\xff", "encoding"),
        (b"Words that go on.\x00", "other_kind"),
        (b"%PDF-1.7", "other_kind"),
        (b"  <html>", "other_kind"),
    ],
)
def test_what_is_no_text_is_refused_wherever_it_shows(data, code):
    with pytest.raises(Unfit, match=code):
        plain.check(io.BytesIO(data))
