"""Putting a question to a named person, and taking their answer.

Every decision, acceptance, policy approval and release goes through here. What is asked is frozen
in the ask. Who asked never answers; the person asked, or their deputy within the dates, does.
"""

from engagements.services.asks.answering import answer, confirm_answer, record_answer, withdraw_answer
from engagements.services.asks.putting import ask, holds, option, remind, role_to_ask, share_with, withdraw
from engagements.services.asks.talking import comment, insert_said, reply

__all__ = [
    "answer",
    "ask",
    "comment",
    "confirm_answer",
    "holds",
    "insert_said",
    "option",
    "record_answer",
    "remind",
    "reply",
    "role_to_ask",
    "share_with",
    "withdraw",
    "withdraw_answer",
]
