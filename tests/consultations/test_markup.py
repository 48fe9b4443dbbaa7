"""The plain text of a provision becomes paragraphs, clauses and lists, and nothing else."""

import re

from hypothesis import given
from hypothesis import strategies as st

from apps.consultations.markup import marked_html, provision_html, provision_words

ALLOWED = {"p", "ol", "ul", "li", "a", "em", "strong", "code", "br", "hr", "blockquote"} | {
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def test_numbered_clauses_hold_lists():
    text = "1. The parties act:\n   - one;\n   - two.\n2. They report."
    assert provision_html(text) == (
        '<ol class="clauses"><li>The parties act:<ul><li>one;</li><li>two.</li></ul></li>'
        "<li>They report.</li></ol>"
    )


def test_an_excerpt_has_the_words_and_no_marks():
    text = (
        "It applies to **every** [register](https://example.org) of `A-1`,\nand <b>more</b>.\n\n"
        "| Benefit | From |\n|---|---|\n| Housing | 2027 |\n\n1. Names\n2. Data\n   - old"
    )
    assert provision_words(text) == (
        "It applies to every register of A-1, and <b>more</b>. "
        "Benefit · From Housing · 2027 Names Data old"
    )
    assert provision_words("") == ""
    assert provision_words("法律は*適用*される。") == "法律は適用される。"


def test_a_list_that_starts_elsewhere_keeps_its_number():
    assert provision_html("4. Fourth") == '<ol start="4"><li>Fourth</li></ol>'


def test_html_stays_text():
    assert provision_html("<b>x</b> & <img src=x onerror=y>") == (
        "<p>&lt;b&gt;x&lt;/b&gt; &amp; &lt;img src=x onerror=y&gt;</p>"
    )


def test_only_links_to_the_web_are_links():
    assert 'href="https://example.org/a?b=1&amp;c=2"' in provision_html(
        "[a](https://example.org/a?b=1&c=2)"
    )
    for address in ("javascript:alert(1)", "data:text/html,x", "/operations/", "//example.org"):
        assert "href" not in provision_html(f"[a]({address})")


def test_pictures_are_not_fetched():
    assert "<img" not in provision_html("![a](https://example.org/a.png)")


def test_headings_inside_a_text_do_not_break_the_outline():
    assert provision_html("# Loud") == "<p><strong>Loud</strong></p>"


def test_a_footnote_mark_stays_as_written():
    assert provision_html("twenty payers.[6] More [7] [8].") == (
        "<p>twenty payers.[6] More [7] [8].</p>"
    )


@given(st.text(alphabet=st.sampled_from("<>&\"'[](){}*_`#-+1. \n\tajvscript:/=h"), max_size=200))
def test_no_text_makes_an_element_that_is_not_on_the_list(text):
    drawn = provision_html(text)
    assert set(re.findall(r"</?([a-z0-9]+)", drawn)) <= ALLOWED
    assert "javascript:" not in re.sub(r">[^<]*<", "><", drawn)


def spans_of(text, *words):
    return tuple((text.index(one), text.index(one) + len(one)) for one in words)


def test_words_are_marked_where_they_stand_and_across_elements():
    text = "1. The parties **act**:\n   - one & two;\n2. They report."
    assert marked_html(text, spans_of(text, "act**:\n   - one &", "report")) == (
        '<ol class="clauses"><li>The parties <strong><mark>act</mark></strong><mark>:</mark><ul>'
        "<li><mark>one &amp;</mark> two;</li></ul></li><li>They <mark>report</mark>.</li></ol>"
    )


def test_overlapping_spans_are_one_and_the_opening_of_a_line_stays_first():
    text = "- one two three"
    assert marked_html(text, ((0, 5), (2, 9))) == "<ul><li><mark>one two</mark> three</li></ul>"


def test_where_marking_would_break_an_element_nothing_is_marked():
    text = "See [the annex](https://example.org/annex) `code here`."
    for words in ("example", "code"):
        assert marked_html(text, spans_of(text, words)) == provision_html(text)


@given(st.text(alphabet="ab *_`#>-1.[]()<&\n|\ufdd0", max_size=60), st.data())
def test_marking_never_changes_anything_but_the_marks(text, data):
    places = st.integers(0, len(text))
    spans = data.draw(st.lists(st.tuples(places, places).filter(lambda s: s[0] < s[1]), max_size=4))
    marked = marked_html(text, tuple(spans))
    assert re.sub("</?mark>", "", marked) == provision_html(text)
    assert marked.count("<mark>") == marked.count("</mark>")
