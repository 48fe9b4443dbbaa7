"""Compares two versions of a long document, provision by provision and word by word.

200 provisions of 150 words each are made of the words of the demo protocol, with a fixed seed. In
the second version half of them are edited, ten are taken out, ten are new and five have moved. The
figure is the CPU time of everything a page of changes needs from the comparison, without reading
the database, and of the page itself.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from measure import report  # noqa: E402

PROVISIONS, WORDS, SEED, REPEATED = 200, 150, 7, 3
SOURCE = ROOT / "apps/consultations/demo/pause-protocol.md"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PLENARY_DATA_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
        import django

        django.setup()
        return measure()


def measure() -> int:
    from django.core.management import call_command
    from django.test import Client

    from apps.consultations.comparing import differences

    call_command("migrate", verbosity=0)
    document = stored()
    old, new = document.versions.order_by("number")
    compared, drawn = [], []
    address = f"/consultations/{document.consultation.slug}/documents/{document.slug}/changes/"
    client = Client(headers={"host": "localhost"})
    client.get(address)
    for _time in range(REPEATED):
        begun = time.perf_counter()
        rows = differences(old, new)
        compared.append(1_000 * (time.perf_counter() - begun))
        begun = time.perf_counter()
        answer = client.get(address)
        drawn.append(1_000 * (time.perf_counter() - begun))
        assert answer.status_code == 200  # noqa: S101 - a page that failed is no figure
    kinds = {
        kind: sum(row.kind == kind for row in rows) for kind in ("changed", "added", "removed")
    }
    print(f"{len(rows)} rows: {kinds}")
    reached = report(
        f"{PROVISIONS} provisions compared", statistics.median(compared), 200, unit="ms"
    )
    reached &= report("the page of changes", statistics.median(drawn), 400, unit="ms")
    return 0 if reached else 1


def stored():
    """Return a document with two versions."""
    from django.utils import timezone

    from apps.consultations.models import Consultation
    from apps.consultations.services import ProvisionInput, default_host, publish_version

    chance = random.Random(SEED)
    words = SOURCE.read_text(encoding="utf-8").split()
    texts = {f"p-{n}": " ".join(chance.choices(words, k=WORDS)) for n in range(PROVISIONS)}
    consultation = Consultation.objects.create(
        host=default_host(),
        slug="long",
        docket="LONG",
        title="Long",
        published_at=timezone.now(),
    )

    def publish(held):
        rows = [ProvisionInput(key, f"Heading of {key}", text) for key, text in held.items()]
        return publish_version(consultation, slug="long", title="Long", provisions=rows)

    publish(texts)
    keys = list(texts)
    for key in keys[::2]:
        tokens = texts[key].split()
        for _edit in range(8):
            tokens[chance.randrange(len(tokens))] = chance.choice(words)
        texts[key] = " ".join(tokens)
    for key in chance.sample(keys, 10):
        del texts[key]
    for number in range(10):
        texts[f"new-{number}"] = " ".join(chance.choices(words, k=WORDS))
    for key in chance.sample(list(texts), 5):
        texts[key] = texts.pop(key)
    return publish(texts).document


if __name__ == "__main__":
    sys.exit(main())
