"""What one row means: the client's business and people, the agreement, work, decisions and asks."""

from engagements.models.agreement import Engagement, Objective, TimeEntry
from engagements.models.asks import Answer, AnswerConfirmation, AnswerWithdrawal, Ask, AskComment
from engagements.models.business import Process, Profile, System
from engagements.models.decisions import Decision, DecisionOption
from engagements.models.people import Person
from engagements.models.work import Task, TaskReply

__all__ = [
    "Answer",
    "AnswerConfirmation",
    "AnswerWithdrawal",
    "Ask",
    "AskComment",
    "Decision",
    "DecisionOption",
    "Engagement",
    "Objective",
    "Person",
    "Process",
    "Profile",
    "System",
    "Task",
    "TaskReply",
    "TimeEntry",
]
