import logging
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.analysis.language import detect_language, separates_words


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We support a coordinated pause, on condition that it can be verified.", "en"),
        ("Wir unterstützen eine Pause, wenn sie überprüft werden kann.", "de"),
        ("Nous soutenons une pause, à condition qu'elle soit vérifiable.", "fr"),
        ("Apoyamos una pausa coordinada siempre que pueda verificarse.", "es"),
        ("我们支持暂停,但条件是可以核查。", "zh"),
        ("検証できるのであれば、停止を支持します。", "ja"),
        ("เราสนับสนุนการหยุดชั่วคราวหากสามารถตรวจสอบได้", "th"),
        ("WE OPPOSE THIS RULE AND ASK FOR ITS WITHDRAWAL", "en"),
    ],
)
def test_the_language_of_a_sentence_is_detected(text, language):
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "   ", "ok", "See attached", "1234 5678 90", "👍👍👍", "我"])
def test_a_text_that_is_too_short_has_no_language(text):
    assert detect_language(text) == ""


def test_a_letterhead_of_names_does_not_hide_the_language():
    head = "Mag. K. Huber, Dr. P. Zylka, 1010 Wien, A-4020 Linz, +43 1 5331, kh@example.at " * 6
    body = "Wir fordern, dass die Schwelle gesenkt und jede Überschreitung gemeldet wird. " * 12
    assert detect_language(head + body) == "de"


def test_detection_prints_logs_and_fetches_nothing(monkeypatch, capfd, caplog):
    def refuse(*_arguments):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    caplog.set_level(logging.DEBUG)
    assert detect_language("The inspectors need access to every site. " * 5_000) == "en"
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


@given(st.text(alphabet=st.characters(), max_size=500))
def test_any_text_has_a_language_tag_or_none(text):
    found = detect_language(text)
    assert found == "" or (found.isalpha() and found.islower() and 2 <= len(found) <= 3)


def test_half_a_surrogate_pair_does_not_stop_detection():
    assert detect_language("\ud800 The inspectors need access to every site.") == "en"


@pytest.mark.parametrize(
    "dense", ["zh", "zh-Hant", "JA", "th", "km", "这是一个测试", "テスト用の文章"]
)
def test_words_do_not_stand_apart(dense):
    assert not separates_words(dense)


@pytest.mark.parametrize(
    "spaced", ["en", "de-AT", "ko", "", "A word, then 人.", "정책을 지지합니다"]
)
def test_words_stand_apart(spaced):
    assert separates_words(spaced)
