"""Chromium on Debian, axe, and pages that report what the browser refused."""

import os
import shutil
from pathlib import Path

import pytest

# The shell draws no window around the page, which takes a third of the time.
INSTALLED = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
CHROMIUM = Path(os.environ.get("PLENARY_CHROMIUM", INSTALLED))
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# What passed stays in the browser: telling it all takes longer than finding it.
RUN_AXE = "options => axe.run(document, options).then(found => found.violations)"

# Playwright's own loop runs in this thread; the database is used by the test itself only.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    # They take longest: first, so that no worker is left alone with them at the end.
    items.sort(key=lambda item: here not in item.path.parents)
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM.exists():
                item.add_marker(pytest.mark.skip(reason=f"Chromium is not installed: {CHROMIUM}"))


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, live_server):
    """Return a function that opens an address in a fresh profile and returns the page.

    What the browser said on its console, and every request to another origin, is collected in
    `page.complaints` and `page.strangers`.
    """
    contexts = []

    def open_page(address, *, width=1280, script=True, session=None):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script
        )
        contexts.append(context)
        if session:
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.complaints, page.strangers = [], []
        page.on("console", lambda said: _note(page.complaints, said))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((live_server.url, "data:"))
                else page.strangers.append(request.url)
            ),
        )
        page.answer = page.goto(live_server.url + address)
        return page

    yield open_page
    for context in contexts:
        context.close()


def _note(complaints, said):
    if said.type in ("error", "warning"):
        complaints.append(said.text)


@pytest.fixture
def violations():
    """Return a function that says what axe finds wrong with a page, light and dark, in lines.

    The second appearance differs in colours alone, so only the rules about these are asked again.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def found(page, appearances=("light", "dark")):
        lines = []
        page.evaluate(axe.axe_script)
        for number, appearance in enumerate(appearances):
            page.emulate_media(color_scheme=appearance)
            options = OF_COLOURS if number else {"resultTypes": ["violations"]}
            lines += [
                f"{appearance}, {rule['id']}: {node['html'][:160]}"
                for rule in page.evaluate(RUN_AXE, options)
                for node in rule["nodes"]
            ]
        return lines

    return found


@pytest.fixture
def is_too_wide():
    """Return a function that says whether a page scrolls sideways at a width."""

    def answered(page, width):
        page.set_viewport_size({"width": width, "height": 900})
        return page.evaluate("document.scrollingElement.scrollWidth > window.innerWidth")

    return answered
