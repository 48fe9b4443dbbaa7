"""The pages about the API work without scripts and hold all there is: operations, and the guide."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from apps.core.markdown import inline_html, page_of

pytestmark = pytest.mark.django_db
NO_SCRIPT = re.compile(r"<script|<style|\sstyle=|\son\w+=")


def test_every_operation_is_listed_once_under_its_tag_with_what_it_does(client):
    page = client.get(reverse("api:documentation")).text
    listed = re.findall(r'<span class="tag">(\w+)</span> <code class="hash">([^<]+)</code>', page)
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    assert len(listed) == len(set(listed))
    assert set(listed) == {(method.upper(), path) for path in paths for method in paths[path]}
    submissions = page.index('id="submissions"')
    assert submissions < page.index('id="submissions_file"') < page.index('id="tokens"')
    assert "the answer is the receipt with its tracking number." in page
    assert "<code>content/</code>" in page
    assert not NO_SCRIPT.search(page)


def test_the_list_leads_to_the_guide_the_document_and_the_page_to_try_it_on(client):
    page = client.get(reverse("api:documentation")).text
    for name in ("api:guide", "api:schema", "api:try"):
        address = reverse(name)
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200


def test_the_guide_is_read_on_the_site_with_every_heading_and_request(client):
    page = client.get(reverse("api:guide")).text
    text = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text(encoding="utf-8")
    for title in re.findall(r"^## (.+)$", text, re.MULTILINE):
        [anchor] = re.findall(rf'<h2 id="([^"]+)">{re.escape(title)}</h2>', unescape(page))
        assert f'href="#{anchor}"' in page
    assert page.count('<pre class="panel filed">') == text.count("```") // 2
    assert "POST /api/v1/drafts/{draft}/comments/" in page
    assert not NO_SCRIPT.search(page)


@pytest.mark.parametrize("name", ["api:documentation", "api:guide"])
def test_the_title_stands_before_the_contents(client, name):
    page = client.get(reverse(name)).text
    assert page.count("<h1") == 1
    assert page.index("<h1") < page.index('<nav class="toc"')


def test_a_page_without_scripts_is_offered_where_the_other_stays_empty(client):
    page = client.get(reverse("api:try")).text
    offered = re.search(r"<noscript>(.+?)</noscript>", page)[1]
    assert f'href="{reverse("api:documentation")}"' in offered


def test_markup_in_a_text_stays_text():
    page = page_of(
        "# A & B\n\n## <b>Next</b>\n\n- one `<i>`\n- **two** [there](https://e.example)\n"
    )
    assert (page.title, page.sections[0][0]) == ("A & B", "bnextb")
    assert "<b>" not in page.html
    assert "<code>&lt;i&gt;</code>" in page.html
    assert '<strong>two</strong> <a href="https://e.example">there</a>' in page.html
    assert inline_html("a `b`\n<script>") == "a <code>b</code>\n&lt;script&gt;"
