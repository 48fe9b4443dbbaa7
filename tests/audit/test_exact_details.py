"""The detail of an entry holds only what every program spells the same way."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.audit.canonical import canonical, leaf_hash
from apps.audit.models import Entry
from apps.audit.services import InexactDetail, record

# PostgreSQL holds no NUL in a text.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
exact = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=15,
)
# What is tried is bytes, not time: a busy machine must not fail them.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.django_db
@pytest.mark.parametrize("value", [0.5, 1.0, {"a": [1, {"b": 2.5}]}, {1: "a"}, {"a", "b"}, b"a"])
def test_what_may_be_spelled_in_two_ways_is_refused_before_it_is_stored(value):
    with pytest.raises(InexactDetail):
        record("test.done", subject="x", detail={"value": value})
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_an_instant_goes_in_as_text():
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    with pytest.raises(InexactDetail):
        record("test.done", subject="x", detail={"at": moment})
    assert record("test.done", subject="x", detail={"at": moment.isoformat()}).pk


@unhurried
@given(exact, st.randoms())
def test_the_order_in_which_names_came_changes_no_byte(content, chance):
    def shuffled(value):
        if isinstance(value, dict):
            names = sorted(value, key=lambda _name: chance.random())
            return {name: shuffled(value[name]) for name in names}
        return [shuffled(held) for held in value] if isinstance(value, list) else value

    assert canonical(shuffled(content)) == canonical(content)


@unhurried
@given(exact)
def test_whoever_reads_the_bytes_writes_them_again_alike(content):
    assert canonical(json.loads(canonical(content))) == canonical(content)


@pytest.mark.django_db
@unhurried
@given(st.dictionaries(texts, exact, max_size=5))
def test_the_hash_of_an_entry_is_the_same_after_it_was_stored(detail):
    stored = Entry.objects.get(pk=record("test.done", subject="x", detail=detail).pk)
    assert leaf_hash(stored.leaf()) == stored.leaf_hash
