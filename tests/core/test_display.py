import pytest

from apps.core.display import display_text, on_one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, “quoted”\tand\nlines", "plain words, “quoted”\tand\nlines"),
        ("a\u202eb\u202c", "a⟨U+202E⟩b⟨U+202C⟩"),
        ("\u2066a\u2069\u200e\u200f\u061c", "⟨U+2066⟩a⟨U+2069⟩⟨U+200E⟩⟨U+200F⟩⟨U+061C⟩"),
        ("\x00\x07\x85\u2028", "⟨U+0000⟩⟨U+0007⟩⟨U+0085⟩⟨U+2028⟩"),
        ("a\u200b\ufeff\u2060\U000e0041", "a⟨U+200B⟩⟨U+FEFF⟩⟨U+2060⟩⟨U+E0041⟩"),
        ("a\u200db", "a⟨U+200D⟩b"),
        ("\u3164 ❤\ufe0f\ufe01", "⟨U+3164⟩ ❤\ufe0f⟨U+FE01⟩"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👩\u200d👧 ❤\ufe0f", "👩\u200d👩\u200d👧 ❤\ufe0f"),
        ("\ue000\uffff", "⟨U+E000⟩⟨U+FFFF⟩"),
        ("no\u00a0break", "no\u00a0break"),
    ],
)
def test_what_hides_or_turns_text_is_shown_by_its_code(text, shown):
    assert display_text(text) == shown


def test_on_one_line_only_white_space_differs():
    assert on_one_line(" a\n\n b\tc ") == "a b c"
