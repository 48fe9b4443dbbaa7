from django.core.management import BaseCommand, call_command
from django.db import transaction

from apps.jobs.services import enqueue


class Command(BaseCommand):
    help = "Make the tables and enqueue fan-ins."

    def add_arguments(self, parser):
        parser.add_argument("--fan-ins", type=int, default=1)
        parser.add_argument("--parts", type=int, default=40)
        parser.add_argument("--seconds", type=float, default=0.2)

    def handle(self, *args, fan_ins, parts, seconds, **options):
        call_command("migrate", run_syncdb=True, verbosity=0)
        with transaction.atomic():
            for number in range(fan_ins):
                payload = {"parts": parts, "seconds": seconds}
                enqueue("drill.split", key=f"drill {number}", payload=payload)
