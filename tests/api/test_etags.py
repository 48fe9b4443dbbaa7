"""Who has the same bytes already gets a 304 and no body."""

import pytest

PATHS = [
    "/api/v1/consultations/",
    "/api/v1/consultations/pause/",
    "/api/v1/consultations/pause/submissions/",
    "/api/v1/consultations/pause/submissions/REF%2F0/",
    "/api/v1/consultations/pause/documents/draft/versions/1/",
]


@pytest.mark.parametrize("path", PATHS)
def test_the_same_bytes_are_not_sent_twice(client, file_many, path):
    file_many(3)
    first = client.get(path)
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)


def test_another_content_has_another_tag(client, file_many):
    (submission,) = file_many(1)
    path = "/api/v1/consultations/pause/submissions/"
    tag = client.get(path).headers["ETag"]
    type(submission).objects.update(title="Another title")
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_what_one_person_sees_is_kept_by_no_shared_cache(client, consultation):
    answer = client.get("/api/v1/consultations/")
    assert {"private", "no-cache"} <= set(answer.headers["Cache-Control"].split(", "))
    assert "Authorization" in answer.headers["Vary"]
