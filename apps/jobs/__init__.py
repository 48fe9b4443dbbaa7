"""Durable jobs: the row is the truth and the outbox, Celery is the engine that runs it.

    @handler("briefings.freeze")
    def freeze(run: Run) -> Effects:
        return building.freeze(run)            # work outside any transaction …

    def freeze(run: Run) -> Effects:
        rows = compute(run.payload["briefing"], progress=run.progress)
        run.fan_out("briefings.claims", [{"theme": pk} for pk in themes], then="briefings.compose")
        return lambda: store(rows)             # … its effects in the transaction that finishes it

A service calls `enqueue` inside its own transaction. A job that is run twice has its effects once:
the finishing transaction is guarded by the fencing token of the attempt.
"""
