import json
import threading
from concurrent.futures import ThreadPoolExecutor

from django.core.management import BaseCommand
from django.db import connection

from apps.jobs.executing import claim
from apps.jobs.models import Job
from apps.jobs.sweeping import sweep

RIVALS = 4


class Command(BaseCommand):
    help = "Sweep, then claim every job, from several connections at the same moment."

    def handle(self, *args, **options):
        job_ids = list(Job.objects.values_list("pk", flat=True))
        won = {"published": sum(_at_once(sweep)), "claimed": _claimed(job_ids)}
        self.stdout.write(json.dumps(won))


def _claimed(job_ids):
    return sum(_at_once(lambda: sum(claim(job_id) is not None for job_id in job_ids)))


def _at_once(act):
    start = threading.Barrier(RIVALS)

    def compete(_):
        try:
            start.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(RIVALS) as pool:
        return list(pool.map(compete, range(RIVALS)))
