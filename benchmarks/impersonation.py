"""Fifty attempts to be verified as somebody else, over every path of verification: none succeeds.

Each attempt goes through the services, against a real name server and real web servers on loopback,
in a database that is thrown away. Beside them one honest organisation per path, which must pass.
"""

import logging
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
os.environ["PLENARY_DATA_DIR"] = tempfile.mkdtemp()
os.environ["DATABASE_URL"] = ""
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"

DOMAIN = "forum.example.org"
LEI = "5493001KJTIIGC8Y1R12"
ADDRESSES = (
    "me@gmail.com", f"me@mail.{DOMAIN}", f"me@{DOMAIN}.evil.example", f"me@evil.example@{DOMAIN}",
    f'"me@{DOMAIN}"@evil.example', f"me@evil.example#@{DOMAIN} ", "me@f\u043erum.example.org",
    f"me@evil-{DOMAIN}", f"me%evil.example,x@{DOMAIN}", f"me@{DOMAIN}\nbcc: x@evil.example",
    f"@{DOMAIN}", f"me @{DOMAIN}", "me@example.org", f"me@{DOMAIN}:25",
    f"<me@evil.example> x@{DOMAIN}",
)  # fmt: skip
WEBSITES = (
    "https://evil.github.io/", "https://gmail.com/", "https://127.0.0.1/", "https://localhost/",
    "", "https://[::1]/", "https://10.0.0.1:8000/",
)  # fmt: skip
BODIES = (
    (b"", {}), (b"<p>plenary-verification=%s</p>", {}), (b"plenary-verification=%sx", {}),
    (b"plenary-verification=", {}), (b"plenary-verification=%s", {"status": 404}),
    (b"plenary-verification=%s", {"status": 302, "location": "https://evil.example/"}),
    (b"plenary-verification=%s" + b" " * 2_000_000, {}),
    (b"plenary-verification=%s", {"path": "/plenary-verification.txt"}),
)  # fmt: skip


def main() -> int:
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    call_command("migrate", verbosity=0)
    stage = Stage()
    attempts = [*by_mail(stage), *by_domain(stage), *by_file(stage), *by_register(stage)]
    attempts += [*by_change(stage), *by_merging(stage)]
    for attempt in attempts:
        stage.try_it(attempt)
    print(
        f"{len(attempts)} attempts: {stage.verified} verified, {stage.stopped} refused on the way"
    )
    honest = honest_ways(stage)
    print(f"{len(honest)} honest ways: {sum(honest)} verified")
    return 0 if not stage.verified and len(attempts) >= 50 and all(honest) else 1


class Stage:
    """One organisation that is imitated at a time, and the people round it."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.number = self.verified = self.stopped = 0

    def organisation(self, website: str = f"https://{DOMAIN}", **fields: Any) -> tuple[Any, Any]:
        """Make an organisation of an impersonator, and its signatory."""
        from apps.accounts.models import Membership, Organisation  # noqa: PLC0415

        self.number += 1
        made = Organisation.objects.create(
            name=f"Organisation {self.number}", slug=f"o-{self.number}", group="civil",
            website=website, **fields,
        )  # fmt: skip
        person = self.person()
        Membership.objects.create(organisation=made, user=person, role="signatory")
        return made, person

    def person(self, **fields: Any) -> Any:
        """Make somebody with an account."""
        from apps.accounts.models import User  # noqa: PLC0415

        self.number += 1
        return User.objects.create_user(f"person-{self.number}@example.org", **fields)

    def try_it(self, attempt: Callable[[], Any]) -> None:
        """Count what came of an attempt: verified, or refused with a reason."""
        from apps.core.errors import DomainError  # noqa: PLC0415

        organisation = None
        try:
            organisation = attempt()
        except DomainError:
            self.stopped += 1
        if organisation is not None:
            organisation.refresh_from_db()
            self.verified += organisation.is_verified


def by_mail(stage: Stage) -> list[Callable[[], Any]]:
    """Addresses that are not at the domain, websites anybody has, links that are not one's own."""
    from apps.accounts import services  # noqa: PLC0415

    def address(text: str) -> Any:
        made, person = stage.organisation()
        services.ask_by_email(made, text, by=person)
        services.confirm_email(_token_of_mail())
        return made

    def website(text: str) -> Any:
        made, person = stage.organisation(website=text)
        services.ask_by_email(made, f"me@{DOMAIN}", by=person)
        services.confirm_email(_token_of_mail())
        return made

    def guess(token: str) -> Any:
        made, person = stage.organisation()
        services.ask_by_email(made, f"board@{DOMAIN}", by=person)
        services.confirm_email(token or made.verifications.get().token)
        return made

    def held() -> Any:
        made, person = stage.organisation(state="held")
        services.ask_by_email(made, f"board@{DOMAIN}", by=person)
        return made

    def not_signatory() -> Any:
        made, _person = stage.organisation()
        services.ask_by_email(made, f"board@{DOMAIN}", by=stage.person())
        return made

    return [
        *(lambda text=text: address(text) for text in ADDRESSES),
        *(lambda text=text: website(text) for text in WEBSITES),
        *(lambda token=token: guess(token) for token in ("", "0" * 43, "../", "\0", "' OR 1=1")),
        held,
        not_signatory,
    ]


def by_domain(stage: Stage) -> list[Callable[[], Any]]:
    """Records that are missing, of others, or only look like the one asked for."""
    return [
        lambda record=record: _dns(stage, *record)
        for record in (
            ("_plenary.evil.example", "plenary-verification={}"),
            (DOMAIN, "plenary-verification={}"),
            (f"_plenary.{DOMAIN}", "plenary-verification={}x"),
            (f"_plenary.{DOMAIN}", "x plenary-verification={}"),
            (f"_plenary.{DOMAIN}", "plenary-verification="),
            (f"_plenary.www.{DOMAIN}", "plenary-verification={}"),
        )
    ]


def by_file(stage: Stage) -> list[Callable[[], Any]]:
    """Files elsewhere, behind a redirect, too large, with more in them, or inside this network."""
    return [
        *(lambda body=body, answer=answer: _file(stage, body, **answer) for body, answer in BODIES),
        lambda: _file(stage, b"plenary-verification=%s", may_ask=None),
    ]


def by_register(stage: Stage) -> list[Callable[[], Any]]:
    """One reviewer twice, a reviewer of one's own, no reviewer, one against, another's number."""
    from apps.accounts import services  # noqa: PLC0415
    from apps.accounts.models import Membership  # noqa: PLC0415

    def one_twice() -> Any:
        made, check = _asked(stage)
        return _seen_by(check, *[stage.person(is_staff=True)] * 2) or made

    def one_alone() -> Any:
        made, check = _asked(stage)
        return _seen_by(check, stage.person(is_staff=True)) or made

    def own_staff() -> Any:
        made, check = _asked(stage)
        staff = stage.person(is_staff=True)
        Membership.objects.create(organisation=made, user=staff, role="drafter")
        return _seen_by(check, staff) or made

    def no_staff() -> Any:
        made, check = _asked(stage)
        return _seen_by(check, check.requested_by, stage.person()) or made

    def one_against() -> Any:
        made, check = _asked(stage)
        _seen_by(check, stage.person(is_staff=True), is_confirmed=False)
        return _seen_by(check, stage.person(is_staff=True)) or made

    def number_of_another() -> Any:
        _made, check = _asked(stage)
        thief, person = stage.organisation()
        services.ask_by_register(thief, check.number, by=person)
        return thief

    return [one_twice, one_alone, own_staff, no_staff, one_against, number_of_another]


def by_change(stage: Stage) -> list[Callable[[], Any]]:
    """Checked honestly as one, then called, placed or numbered as another."""
    from apps.accounts import services  # noqa: PLC0415

    def changed(made: Any, **fields: Any) -> Any:
        now = {name: getattr(made, name) for name in ("name", "group", "country", "website")}
        details = services.OrganisationInput(**{**now, **fields})
        return services.change_details(made, details, by=made.members.get())

    def by_website(**fields: Any) -> Any:
        return changed(_dns(stage, f"_plenary.{DOMAIN}", "plenary-verification={}"), **fields)

    def by_number(**fields: Any) -> Any:
        made, check = _asked(stage)
        _seen_by(check, stage.person(is_staff=True), stage.person(is_staff=True))
        return changed(made, **fields)

    def by_old_link() -> Any:
        made, person = stage.organisation()
        services.ask_by_email(made, f"me@{DOMAIN}", by=person)
        changed(made, website="https://victim.example")
        services.confirm_email(_token_of_mail())
        return made

    return [
        lambda: by_website(website="https://victim.example"),
        lambda: by_website(name="Victims of the Flood"),
        lambda: by_number(numbers={}),
        lambda: by_number(numbers={"company": "12345"}),
        lambda: by_number(numbers={"lei": LEI}, name="Victims of the Drought"),
        by_old_link,
    ]


def by_merging(stage: Stage) -> list[Callable[[], Any]]:
    """Becoming part of a verified one, or bringing one's own check to another."""
    from apps.accounts import services  # noqa: PLC0415
    from apps.accounts.models import Membership  # noqa: PLC0415

    def into_the_victim(role: str) -> Any:
        victim = _dns(stage, f"_plenary.{DOMAIN}", "plenary-verification={}")
        made, person = stage.organisation()
        if role:
            Membership.objects.create(organisation=victim, user=person, role=role)
        services.merge(made, victim, reason="Let me in.", by=person)
        return victim

    def with_a_check() -> Any:
        checked = _dns(stage, f"_plenary.{DOMAIN}", "plenary-verification={}")
        made, person = stage.organisation(website="https://victim.example")
        Membership.objects.create(organisation=checked, user=person, role="signatory")
        return services.merge(checked, made, reason="", by=person)

    return [
        *(lambda role=role: into_the_victim(role) for role in ("", "drafter", "submitter")),
        with_a_check,
    ]


def _asked(stage: Stage) -> tuple[Any, Any]:
    """Return an organisation with a register number, and the check it asked for."""
    from apps.accounts import services  # noqa: PLC0415
    from apps.accounts.models import RegisterNumber  # noqa: PLC0415

    RegisterNumber.objects.all().delete()
    made, person = stage.organisation()
    number = RegisterNumber.objects.create(organisation=made, register="lei", number=LEI)
    return made, services.ask_by_register(made, number, by=person)


def _seen_by(check: Any, *people: Any, is_confirmed: bool = True) -> None:
    from apps.accounts import services  # noqa: PLC0415

    for person in people:
        services.review(check, is_confirmed=is_confirmed, reason="Seen.", by=person)


def honest_ways(stage: Stage) -> list[bool]:
    """Return whether each path verifies an organisation that is what it says."""
    from apps.accounts import services  # noqa: PLC0415

    mailed, person = stage.organisation()
    services.ask_by_email(mailed, f"board@{DOMAIN}", by=person)
    services.confirm_email(_token_of_mail())
    named = _dns(stage, f"_plenary.{DOMAIN}", "plenary-verification={}")
    served = _file(stage, b"plenary-verification=%s")
    listed, check = _asked(stage)
    _seen_by(check, stage.person(is_staff=True), stage.person(is_staff=True))
    ways = [mailed, named, served, listed]
    for one in ways:
        one.refresh_from_db()
    return [one.is_verified for one in ways]


def _dns(stage: Stage, name: str, text: str) -> Any:
    from apps.accounts import checking, services  # noqa: PLC0415
    from apps.accounts.domains import has_record  # noqa: PLC0415
    from tests.accounts.servers import name_server  # noqa: PLC0415

    made, person = stage.organisation()
    check = services.ask_by_domain(made, "dns", by=person)
    with name_server({name: [text.format(check.token)]}) as resolver:
        is_there = has_record(check.subject, check.token, resolver=resolver)
    checking.write_down(check.pk, "" if is_there else "not there")
    return made


def _file(stage: Stage, body: bytes, *, may_ask: Any = bool, **answer: Any) -> Any:
    from apps.accounts import checking, domains, services  # noqa: PLC0415
    from tests.accounts.servers import web_server  # noqa: PLC0415

    made, person = stage.organisation()
    check = services.ask_by_domain(made, "file", by=person)
    with web_server(body.replace(b"%s", check.token.encode()), **answer) as port:
        try:
            is_there = domains.has_file(
                "localhost", check.token, scheme="http", port=port,
                may_ask=may_ask or domains.is_public_address,
            )  # fmt: skip
        except domains.Unreachable:
            is_there = False
    checking.write_down(check.pk, "" if is_there else "not there")
    return made


def _token_of_mail() -> str:
    from apps.accounts.models import Letter  # noqa: PLC0415

    link = str(Letter.objects.latest("pk").context["link"])
    return link.rstrip("/").rpartition("/")[2]


if __name__ == "__main__":
    sys.exit(main())
