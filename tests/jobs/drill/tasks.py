import time

from apps.jobs.executing import Run
from apps.jobs.registry import Effects, handler
from drill.models import Effect


def _effect(run: Run, what: str) -> Effects:
    return lambda: _create(run.job.root, what)


def _create(drill: str, what: str) -> None:
    Effect.objects.create(drill=drill, what=what)


@handler("drill.split")
def split(run: Run) -> Effects:
    parts = [{"n": n, "seconds": run.payload["seconds"]} for n in range(run.payload["parts"])]
    run.fan_out("drill.part", parts, then="drill.end", then_payload={})
    return None


@handler("drill.part")
def part(run: Run) -> Effects:
    if run.payload["seconds"]:
        run.progress(0, 2, "first half")
        time.sleep(run.payload["seconds"] / 2)
        run.progress(1, 2, "second half")
        time.sleep(run.payload["seconds"] / 2)
    return _effect(run, f"part {run.payload['n']}")


@handler("drill.end")
def end(run: Run) -> Effects:
    return _effect(run, "end")
