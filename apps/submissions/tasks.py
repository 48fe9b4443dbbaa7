"""The jobs of submissions."""

from apps.jobs.executing import Run
from apps.jobs.registry import Effects, handler
from apps.submissions import passages, vocabulary


@handler("submissions.extract_passages")
def extract_passages(run: Run) -> Effects:
    """Split the texts of one submission and make them known to the search.

    The effects belong to the finishing transaction.
    """
    submission_id: int = run.payload["submission"]
    return lambda: _extract(submission_id)


def _extract(submission_id: int) -> None:
    passages.extract([submission_id])
    vocabulary.write([submission_id])
