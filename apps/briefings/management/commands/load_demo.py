"""Loads the demo: two consultations, 647 comments, accounts, a hearing."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from apps.briefings import demo


class Command(BaseCommand):
    help = "Load the demo consultations, the comments of docket CMS-2022-0163 and demo accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        for consultation in demo.load_consultations():
            self.stdout.write(f"Consultation {consultation.docket}: {consultation.title}")
        call_command(
            "import_submissions",
            "cms-2022-0163",
            demo.COMMENTS / "comments.csv.gz",
            format="regulations_gov",
            groups=demo.COMMENTS / "labels.csv",
            stdout=self.stdout,
            stderr=self.stderr,
        )
        demo.make_accounts()
        demo.hold_hearing()
        self.stdout.write("Demo accounts (password for all: " + demo.PASSWORD + ")")
        for account in demo.ACCOUNTS:
            self.stdout.write(f"  {account.email:24} {account.purpose}")
