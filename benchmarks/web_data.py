"""Fills a database with many realistic submissions by multiplying rows inside the database."""

import random
from datetime import timedelta
from typing import Any

TEXTS = 300
WORDS = (  # noqa: SIM905 - a list of forty words would fill a screen
    "the party monitoring verification threshold pause training compute safeguard evidence trigger "
    "must should confirm observer independent review resume model capability report inspection of "
    "and to in a for that is be by with which condition protocol article notice days before after"
).split()

SUBMISSIONS = """
INSERT INTO submissions_submission (consultation_id, phase_id, reference, state, source, author_id,
    organisation_id, organisation_name, "group", declared_label, title, language, country, weight,
    attachments_declared, source_url, submitted_at, is_dated, created_at, updated_at)
SELECT %(consultation)s, %(phase)s, 'BENCH-' || lpad(n::text, 7, '0'), 'submitted', 'import', NULL,
    NULL, CASE WHEN n %% 3 = 0 THEN 'Organisation number ' || (n %% 900) ELSE '' END,
    (ARRAY['individual','individual','company','civil','association','research','union',
           'policymaker'])[1 + n %% 8],
    '', 'Comment ' || n, 'en', 'US', 1, n %% 3, '',
    now() - (n * interval '7 seconds'), true, now(), now()
FROM generate_series(%(first)s::int, %(last)s::int) AS n
"""
ANSWERS = """
INSERT INTO submissions_answer (submission_id, question_id, number, text, scale, stance)
SELECT s.id, q.id, 1, t.text, NULL, ''
FROM submissions_submission s
CROSS JOIN (SELECT id, row_number() OVER (ORDER BY position) AS k FROM consultations_question
            WHERE consultation_id = %(consultation)s) q
JOIN bench_text t ON t.id = (s.id * 31 + q.k * 7) %% %(texts)s
WHERE s.reference > %(after)s AND q.k <= 3
"""
POINTS = """
INSERT INTO submissions_point (submission_id, provision_id, number, stance, ask, reason,
    proposed_text, change_condition)
SELECT s.id, p.id, k, (ARRAY['support','changes','neutral','oppose',''])[1 + (s.id + k) %% 5],
    (ARRAY['keep','amend','delete','add','clarify'])[1 + (s.id * k) %% 5], t.text, '', ''
FROM submissions_submission s
CROSS JOIN generate_series(1, 3) AS k
JOIN (SELECT id, row_number() OVER (ORDER BY position) AS place, count(*) OVER () AS of
      FROM consultations_provision WHERE version_id = %(version)s) p
     ON p.place = 1 + (s.id * 13 + k * 5) %% p.of
JOIN bench_text t ON t.id = (s.id * 17 + k * 11) %% %(texts)s
WHERE s.reference > %(after)s
"""
GROUP_TALLIES = """
INSERT INTO submissions_grouptally (consultation_id, question_id, "group", submissions, letters)
SELECT consultation_id, NULL, "group", count(*), sum(weight) FROM submissions_submission
WHERE consultation_id = %(consultation)s GROUP BY 1, 3
UNION ALL
SELECT s.consultation_id, a.question_id, s."group", count(*), sum(s.weight)
FROM submissions_submission s JOIN submissions_answer a ON a.submission_id = s.id
WHERE s.consultation_id = %(consultation)s GROUP BY 1, 2, 3
"""
POINT_TALLIES = """
INSERT INTO submissions_pointtally (provision_id, "group", stance, points)
SELECT p.provision_id, s."group", p.stance, count(*)
FROM submissions_point p JOIN submissions_submission s ON s.id = p.submission_id GROUP BY 1, 2, 3
"""


def make_texts(cursor: Any) -> None:
    """Store some hundred texts of realistic length, the same in every run."""
    chance = random.Random(20260501)
    cursor.execute("CREATE TABLE bench_text (id integer PRIMARY KEY, text text NOT NULL)")
    for number in range(TEXTS):
        length = int(min(600, max(20, chance.lognormvariate(4.4, 0.9))))
        words = " ".join(chance.choices(WORDS, k=length))
        cursor.execute("INSERT INTO bench_text VALUES (%s, %s)", [number, f"{words}."])


def fill(cursor: Any, *, first: int, last: int, place: dict[str, int]) -> None:
    """Add the submissions `first` to `last` with three answers and points each, and tally again."""
    values = {**place, "first": first, "last": last, "texts": TEXTS}
    values["after"] = f"BENCH-{first - 1:07}"
    for statement in (SUBMISSIONS, ANSWERS, POINTS):
        cursor.execute(statement, values)
    cursor.execute("DELETE FROM submissions_grouptally")
    cursor.execute("DELETE FROM submissions_pointtally")
    cursor.execute(GROUP_TALLIES, values)
    cursor.execute(POINT_TALLIES)


def make_consultation() -> Any:
    """Create an open consultation with six questions and twenty provisions."""
    from django.utils import timezone

    from apps.consultations.services import (
        ConsultationInput,
        PhaseInput,
        ProvisionInput,
        QuestionInput,
        create_consultation,
        publish_version,
    )

    now = timezone.now()
    consultation = create_consultation(
        ConsultationInput(
            slug="bench",
            docket="BENCH-1",
            title="A consultation to be measured",
            phases=[PhaseInput("comment", now - timedelta(days=30), now + timedelta(days=30))],
            questions=[QuestionInput(f"question-{n}", f"Question {n}?") for n in range(1, 7)],
        ),
        publish=True,
    )
    provisions = [
        ProvisionInput(f"art-{n}", f"Heading {n}", " ".join(WORDS), label=f"Art. {n}")
        for n in range(1, 21)
    ]
    publish_version(consultation, slug="draft", title="Draft", provisions=provisions)
    return consultation
