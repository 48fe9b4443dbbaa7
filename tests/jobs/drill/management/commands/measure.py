import json
import time

from django.core.management import BaseCommand

from apps.jobs.executing import run_until_idle
from apps.jobs.models import Job


class Command(BaseCommand):
    help = "Run what is enqueued in this process and say how long it took."

    def handle(self, *args, **options):
        started_at = time.perf_counter()
        for root in list(Job.objects.values_list("root", flat=True)):
            run_until_idle(root)
        seconds = time.perf_counter() - started_at
        self.stdout.write(json.dumps({"jobs": Job.objects.count(), "seconds": seconds}))
