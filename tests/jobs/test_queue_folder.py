"""What is read from the queue folder is whole."""

import threading

import pytest
from celery import current_app
from kombu import Connection, Queue
from kombu.exceptions import ChannelError

from apps.jobs.queue_folder import Transport

MESSAGES = 400


@pytest.fixture
def queue(tmp_path):
    """Make connections of their own to one folder."""
    messages, control = tmp_path / "messages", tmp_path / "control"
    messages.mkdir()
    control.mkdir()
    options = {"data_folder_in": str(messages), "data_folder_out": str(messages)}
    options["control_folder"] = str(control)

    def connect():
        return Connection(transport=Transport, transport_options=options)

    return connect


def test_messages_read_while_they_are_written_are_whole(queue):
    def write():
        with queue() as connection:
            simple = connection.SimpleQueue("jobs")
            for number in range(MESSAGES):
                simple.put({"number": number, "text": "x" * 200_000})

    writer = threading.Thread(target=write)
    with queue() as connection:
        channel = connection.default_channel
        Queue("jobs").bind(channel).declare()
        writer.start()
        numbers = []
        while len(numbers) < MESSAGES:
            message = Queue("jobs", channel=channel).get(no_ack=True)
            if message is not None:
                numbers.append(message.payload["number"])
        writer.join()
    assert numbers == list(range(MESSAGES))


def test_a_folder_that_cannot_be_written_is_an_error_of_the_broker(queue, tmp_path):
    with queue() as connection:
        simple = connection.SimpleQueue("others")  # kombu keeps declarations per process
        (tmp_path / "messages").rmdir()
        with pytest.raises(ChannelError):
            simple.put({})


def test_the_application_uses_this_folder():
    with current_app.connection_for_write() as connection:
        if connection.transport.driver_type == "filesystem":
            assert isinstance(connection.transport, Transport)
