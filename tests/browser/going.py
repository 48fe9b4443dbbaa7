"""From one page to the next in a browser."""


def go(to, *, by="click", **how):
    """Click what leads to another page (or press a key on it), and be there when this returns.

    A click alone returns before the answer has come: what is looked at next, in the page or in the
    database, could still be what was there before.
    """
    with to.page.expect_navigation():
        getattr(to, by)(**how)
