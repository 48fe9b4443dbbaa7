"""Durable jobs: the row is the truth and the outbox, Celery is the engine that runs it.

    @handler("briefings.freeze", when_dead=failed)      # failed(payload, why)
    def freeze(run: Run) -> Effects:
        rows = compute(run.payload["briefing"], progress=run.progress)       # outside transactions
        run.fan_out(
            "briefings.claims",
            [{"theme": pk} for pk in themes],                                # one part each
            then="briefings.compose",                                        # once, after all parts
            then_payload={"briefing": run.payload["briefing"]},
        )
        return lambda: store(rows)          # effects: in the transaction that finishes the job

A service calls `enqueue` inside its own transaction. A job that is run twice has its effects once:
the finishing transaction is guarded by the fencing token of the attempt. Work outside it (files,
mail, a model asked) may happen twice and has to bear that.
"""
