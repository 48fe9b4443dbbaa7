"""The folder that is the queue where there is no Redis: a message appears whole or not at all."""

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Kombu's channel shows a file before its content is in it; a worker that reads it then ends.

    Here a message is written under another name and renamed, which happens at once.
    """

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns():020}_{uuid.uuid4().hex}.{queue}.msg"
        whole = Path(self.data_folder_out) / name
        unfinished = whole.with_name(f"{name}.part")
        try:
            unfinished.write_bytes(dumps(payload).encode())
            unfinished.replace(whole)
        except OSError as error:
            raise ChannelError(f"The message {whole} cannot be written") from error


class Transport(filesystem.Transport):
    """Kombu's folder transport with such a channel."""

    Channel = Channel
