"""The plain text of a provision becomes paragraphs, clauses and lists, and nothing else."""

import re

from hypothesis import given
from hypothesis import strategies as st

from apps.consultations.markup import provision_html

ALLOWED = {"p", "ol", "ul", "li", "a", "em", "strong", "code", "br", "hr", "blockquote"} | {
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def test_numbered_clauses_hold_lists():
    text = "1. The parties act:\n   - one;\n   - two.\n2. They report."
    assert provision_html(text) == (
        '<ol class="clauses"><li>The parties act:<ul><li>one;</li><li>two.</li></ul></li>'
        "<li>They report.</li></ol>"
    )


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
