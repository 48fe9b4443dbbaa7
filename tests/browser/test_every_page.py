"""Every page of the URL configuration, as whoever may see most of it: axe finds nothing on it.

The routes and who may open them are those of the table in test_access.
"""

import pytest

from tests.test_access import ENTRIES, ROLES, address_of, client_of, people, place

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["people", "place"]  # fixtures
WIDTHS = (320, 768)  # the least that reflows (WCAG 1.4.10), and where tables stand as tables first
# A mail program ends mails by itself (RFC 8058); the address holds a token of its own.
TOKENLESS = {"notifications:unsubscribe"}
FORMS_WITHOUT_TOKEN = """
    [...document.querySelectorAll("form[method=post]")]
        .filter((form) => !form.querySelector("[name=csrfmiddlewaretoken]")).length
"""
# Another project's page over our OpenAPI document; the document itself is read with any tool.
NOT_OURS = {"api:try"}
OF_THE_API = {"api:documentation", "api:guide"}
PAGES = sorted(
    name
    for name, entry in ENTRIES.items()
    if "o" in entry.get
    and name not in NOT_OURS
    and (name in OF_THE_API or not name.startswith("api:"))
)


def is_page(answer):
    return answer.headers.get("Content-Type", "").startswith("text/html")


def test_axe_finds_nothing_on_any_page_and_none_scrolls_sideways(
    visit, violations, is_too_wide, place, people
):
    found, seen = {}, 0
    clients = {role: client_of(person) for role, person in people.items()}
    for name in PAGES:
        role = ROLES[ENTRIES[name].get.rindex("o")]
        address, client = address_of(name, place), clients[role]
        expected = client.get(address)
        if not is_page(expected):
            continue
        session = client.cookies.get("sessionid")
        page = visit(address, session=session.value if session else None)
        seen += 1
        lines = violations(page) + page.strangers
        # Of a link that is over (410) the browser says so itself.
        lines += page.complaints if expected.status_code == 200 else []
        if name not in TOKENLESS and (bare := page.evaluate(FORMS_WITHOUT_TOKEN)):
            lines.append(f"{bare} forms without a token: what they send is refused")
        wide = [width for width in WIDTHS if is_too_wide(page, width)]
        lines += [f"scrolls sideways at {width} pixels" for width in wide]
        if lines:
            found[f"{name} as {role}"] = lines
        page.context.close()
    assert found == {}
    assert seen > 50
