"""Pages and messages of accounts speak as the rest of the site does."""

import ast
import gettext
import re
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core import mail
from django.utils.html import strip_tags

from tests.factories import UserFactory

CATALOGUE = settings.BASE_DIR / "config/locale/en/LC_MESSAGES/django.po"
STOCK = re.compile(
    r"sign[- ]?(in|up|out)\b|\bemail|remember me|please|successfully|two-factor|token|hello from",
    re.IGNORECASE,
)
OWN_TEXT = re.compile(r"""(?:translate|_\(|gettext\(|gettext_lazy\()\s*["']([^"']+)["']""")
PASSWORD = "correct-horse-battery"  # noqa: S105


def compiled(path):
    with path.open("rb") as file:
        return {key: text for key, text in gettext.GNUTranslations(file)._catalog.items() if key}


def blocks(path):
    """Return what stands in each block of a .po file: {msgid, msgstr, msgid_plural, …}."""
    for block in path.read_text().split("\n\n"):
        parts, name = {}, ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if not line.startswith('"'):
                name, _space, line = line.partition(" ")
            parts[name] = parts.get(name, "") + ast.literal_eval(line)
        yield parts


def written(path):
    """Return the messages of a .po file as gettext names them once they are compiled."""
    found = {}
    for parts in blocks(path):
        msgid = parts.get("msgid", "")
        if "msgctxt" in parts:
            msgid = f"{parts['msgctxt']}\x04{msgid}"
        if "msgid_plural" in parts:
            found |= {
                (msgid, n): parts[f"msgstr[{n}]"] for n in range(6) if f"msgstr[{n}]" in parts
            }
        elif msgid:
            found[msgid] = parts["msgstr"]
    return found


def known_messages():
    """Return every message of allauth, as its own catalogues name them."""
    catalogues = Path(allauth.__file__).parent.glob("locale/*/LC_MESSAGES/django.mo")
    keys = {key for path in catalogues for key in compiled(path)}
    return {key[0] if isinstance(key, tuple) else key for key in keys}


def words(answer):
    """Return what a person reads of a page, its header and footer left out."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    assert "<h1" in main
    assert "placeholder=" not in main
    return strip_tags(re.sub(r"(?s)<script.*?</script>", "", main))


@pytest.fixture
def person():
    person = UserFactory(email="person@example.org")
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def test_the_compiled_catalogue_is_what_is_written():
    assert compiled(CATALOGUE.with_suffix(".mo")) == written(CATALOGUE)


def test_every_message_is_one_that_allauth_has():
    ours = {key[0] if isinstance(key, tuple) else key for key in written(CATALOGUE)}
    assert ours - known_messages() == set()


def test_no_text_of_our_own_is_worded_by_the_catalogue():
    files = [*Path("templates").rglob("*.html"), *Path("apps").rglob("*.py")]
    own = {text for file in files for text in OWN_TEXT.findall(file.read_text())}
    assert "Log in" in own
    assert own & set(written(CATALOGUE)) == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page",
    [
        "login/",
        "signup/",
        "login/code/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/1-abc/",
        "password/reset/key/done/",
        "confirm-email/",
        "signup/passkey/",
        "inactive/",
    ],
)
def test_pages_before_log_in_speak_plainly(client, page):
    assert not STOCK.search(words(client.get(f"/accounts/{page}", follow=True)))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "confirm"),
    [("signup/", "/accounts/confirm-email/"), ("login/code/", "/accounts/login/code/confirm/")],
)
def test_a_code_that_did_not_arrive_is_sent_anew(client, page, confirm):
    if page == "login/code/":
        person = UserFactory(email="ama@example.org")
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    typed = client.post(f"/accounts/{page}", {"email": "ama@example.org"}, follow=True)
    assert re.search(r'<button[^>]* form="resend"', typed.content.decode())
    client.post(confirm, {"action": "resend"})
    first, second = (
        re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", one.body, re.MULTILINE)[0] for one in mail.outbox
    )
    assert first != second
    assert client.post(confirm, {"code": first}).status_code == 200
    assert client.post(confirm, {"code": second}).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["signup/", "signup/passkey/"])
def test_the_way_to_an_account_speaks_plainly(client, page):
    typed = client.post(f"/accounts/{page}", {"email": "ama@example.org"}, follow=True)
    assert "Enter the code from the message" in words(typed)
    assert not STOCK.search(words(typed))
    body = mail.outbox[-1].body
    assert "Type this code" in body
    assert not STOCK.search(body)
    code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", body, re.MULTILINE)[0]
    entered = client.post("/accounts/confirm-email/", {"code": code})
    if "passkey" in page:
        assert not STOCK.search(words(client.get(entered.url)))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page",
    [
        "email/",
        "password/change/",
        "password/reset/",
        "logout/",
        "reauthenticate/",
        "2fa/",
        "2fa/totp/activate/",
        "2fa/totp/deactivate/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        "2fa/recovery-codes/",
        "2fa/recovery-codes/generate/",
    ],
)
@pytest.mark.parametrize("has_factor", [False, True])
def test_pages_of_the_account_speak_plainly(client, person, page, has_factor):
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    if has_factor:
        TOTP.activate(person, "JBSWY3DPEHPK3PXP")
        RecoveryCodes.activate(person)
    answer = client.get(f"/accounts/{page}", follow=True)
    assert answer.status_code in (200, 404)
    assert answer.status_code == 404 or not STOCK.search(words(answer))


@pytest.mark.django_db
def test_what_went_wrong_and_what_was_done_is_said_plainly(client, person):
    login = {"login": person.email, "password": "wrong"}
    assert "The e-mail address or the password is wrong." in words(
        client.post("/accounts/login/", login)
    )
    done = client.post("/accounts/login/", login | {"password": PASSWORD}, follow=True)
    assert "You are logged in as" in done.text
    assert "You are logged out." in client.post("/accounts/logout/", follow=True).text


@pytest.mark.django_db
def test_the_second_factor_is_asked_for_plainly(client, person):
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    login = {"login": person.email, "password": PASSWORD}
    asked = words(client.post("/accounts/login/", login, follow=True))
    assert "Enter the code your app shows now" in asked
    assert not STOCK.search(asked)
    wrong = words(client.post("/accounts/2fa/authenticate/", {"code": "000000"}))
    assert "This code is wrong or too old." in wrong


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("signup", {"email": "new@example.org", "password1": PASSWORD}),
        ("signup", {"email": "person@example.org", "password1": PASSWORD}),
        ("password/reset", {"email": "person@example.org"}),
        ("password/reset", {"email": "nobody@example.org"}),
        ("login/code", {"email": "person@example.org"}),
    ],
)
def test_messages_are_signed_and_say_what_to_do(client, person, page, asked):
    client.post(f"/accounts/{page}/", asked)
    [message] = mail.outbox
    assert message.subject.startswith("Plenary: ")
    assert message.body.startswith("Hello,\n")
    assert "Plenary\ntestserver" in message.body
    assert not STOCK.search(message.subject + re.sub(r"\S+/accounts/\S+", "", message.body))
