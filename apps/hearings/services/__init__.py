"""What hosts, speakers and those who want to speak can ask for around a hearing."""

from apps.hearings.services.agenda import ItemInput, add_item, change_item, move_item, remove_item
from apps.hearings.services.confirming import Act, Confirmation, answer_statements, take_back
from apps.hearings.services.holding import (
    HearingInput,
    announce_hearing,
    cancel_hearing,
    change_hearing,
    close_hearing,
    create_hearing,
    delete_hearing,
)
from apps.hearings.services.listing import (
    SpeakerInput,
    accept,
    add_speaker,
    decline,
    move_speaker,
    order_in_turn,
    set_all_minutes,
    set_minutes,
)
from apps.hearings.services.reaching import set_address
from apps.hearings.services.recording import (
    StatementInput,
    change_statement,
    publish_minutes,
    recall_statement,
    remind_speakers,
    remove_statement,
    send_statements,
    write_statement,
)
from apps.hearings.services.speaking import RequestInput, ask_to_speak, withdraw_request

__all__ = [
    "Act",
    "Confirmation",
    "HearingInput",
    "ItemInput",
    "RequestInput",
    "SpeakerInput",
    "StatementInput",
    "accept",
    "add_item",
    "add_speaker",
    "announce_hearing",
    "answer_statements",
    "ask_to_speak",
    "cancel_hearing",
    "change_hearing",
    "change_item",
    "change_statement",
    "close_hearing",
    "create_hearing",
    "decline",
    "delete_hearing",
    "move_item",
    "move_speaker",
    "order_in_turn",
    "publish_minutes",
    "recall_statement",
    "remind_speakers",
    "remove_item",
    "remove_statement",
    "send_statements",
    "set_address",
    "set_all_minutes",
    "set_minutes",
    "take_back",
    "withdraw_request",
    "write_statement",
]
