"""Names that look like another: found whatever the trick, and honest names left in peace."""

import pytest

from apps.accounts.names import are_alike, is_odd, skeleton, unusual_characters

AMNESTY = "Amnesty International"


@pytest.mark.parametrize("form", ["e.V.", "Ltd", "GmbH", "Inc.", "ASBL", "S.A.", "(Limited)"])
def test_a_legal_form_does_not_tell_two_names_apart(form):
    name = "Green Future Network"
    assert are_alike(skeleton(f"{name} {form}"), skeleton(name))
    assert are_alike(skeleton(f"{name} {form}"), skeleton(f"{name} GmbH"))
    assert not are_alike(skeleton(f"Ema {form}"), skeleton("Ema"))


@pytest.mark.parametrize(
    "spoof",
    [
        "\u0410mnesty International",  # Cyrillic A
        "Amnesty lnternational",  # l for I
        "AMNESTY INTERNATIONAL",
        "\uff21\uff4d\uff4e\uff45\uff53\uff54\uff59 International",  # full-width
        "Amnesty\u00a0International",
        "Amnesty-International",
        "Arnnesty International",
        "\u00c1mnesty Internati\u00f3nal",
        "Amnesty Internati0nal",
        "Amnesty Inter\u200bnational",
        "\u202eAmnesty International",
        "Amnesty Internatonal",  # one letter is missing
    ],
)
def test_a_spoof_looks_like_the_name_it_imitates(spoof):
    assert are_alike(skeleton(spoof), skeleton(AMNESTY))


def test_a_name_wholly_in_look_alike_cyrillic_is_found():
    assert skeleton("\u0410\u0420\u0415\u0421") == skeleton("APEC")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Local 12 of the Union", "Local 13 of the Union"),
        ("Greenpeace", "Green Party"),
        ("\u0413\u0440\u0438\u043d\u043f\u0438\u0441", "Greenpeace"),
        ("UNEP", "UNDP"),
    ],
)
def test_names_one_can_tell_apart_are_not_alike(one, other):
    assert not are_alike(skeleton(one), skeleton(other))


@pytest.mark.parametrize("name", ["\u202eevil", "Gr\u0435enpeace", "a\u200bb", "\uff21BC"])
def test_hidden_turned_and_mixed_characters_are_odd(name):
    assert is_odd(name)


@pytest.mark.parametrize(
    "name",
    [
        "\u0413\u0440\u0438\u043d\u043f\u0438\u0441",
        "\u65e5\u672cIT\u5354\u4f1a",
        "\u0645\u0646\u0638\u0645\u0629 \u0627\u0644\u0639\u0641\u0648",
        "M\u00e9decins Sans Fronti\u00e8res",
        "S\u00f8ren & S\u00f8nner A/S",
        "\u0395\u03bb\u03bb\u03ac\u03b4\u03b1 AI",
    ],
)
def test_honest_names_of_any_script_are_not_odd(name):
    assert not is_odd(name)


def test_staff_reads_which_characters_are_not_what_they_seem():
    assert unusual_characters("Civic S\u043eci\u043ety") == ["U+043E CYRILLIC SMALL LETTER O"]
    assert unusual_characters("Oxfam") == []
