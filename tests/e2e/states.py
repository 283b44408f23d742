"""Clients in the states that break pages: nothing yet, one of each, and words that never end."""

from typing import Any

# The only client of these without a story: what the practice sees on the day it takes somebody on.
BARE, SINGLE, WORDY = "bare", "single", "wordy"
STATES = (BARE, SINGLE, WORDY)
# No place to break a line for longer than a phone is wide, and none where German, Welsh or a program would put it.
ENDLESS = "Wasserversorgungsanlagenfernüberwachungszugangsberechtigungsverwaltungsstelle"
LONG = f"{ENDLESS} and each branch at Llanfairpwllgwyngyllgogerychwyrndrobwll, server_0123456789abcdef"


def stories() -> dict[str, dict[str, Any]]:
    return {
        BARE: _client("Fresh Start", "frida", "Frida Frey"),
        SINGLE: _whole("Garden Shop", "A thing", "gina", "Gina Gray"),
        WORDY: _whole(f"{ENDLESS} Holding", LONG, "hilde", f"Hildegard {ENDLESS[:60]}"),
    }


def _client(name: str, owner: str, owner_name: str) -> dict[str, Any]:
    return {
        "client": {
            "name": name, "time_zone": "Europe/Berlin", "currency": "EUR", "language": "en-GB", "paper": "a4", "hue": 5,
            "pack_release": "owner",
        },
        "practice": "northgate",
        "consultants": ["ann", "ben"],
        "people": {
            owner: {"name": owner_name, "job_title": "Owner", "role": "owner"},
            "dorian": {"name": f"Dorian {owner_name.split()[-1]}", "job_title": "Director", "role": "board"},
            "carla": {"name": f"Carla {owner_name.split()[-1]}", "job_title": "Clerk", "role": "contributor"},
        },
    }  # fmt: skip


def _whole(name: str, words: str, owner: str, owner_name: str) -> dict[str, Any]:
    """One record of each kind, every text of which is made of `words`."""
    options = [
        {"label": words, "cost": 123456789000, "result": words, "advised": True},
        {"label": words, "nothing": True},
    ]
    return _client(name, owner, owner_name) | {
        "profile": {"sector": words[:120], "staff_count": 1_000_000, "places": words, "summary": words},
        "engagement": {
            "starts": "-2/01", "hours": 6, "fee": 123456789000, "counterpart": owner, "day": 5, "scope": words,
            "responsibilities": words,
        },
        "hours": [5],
        "owner_hours": [1],
        "objectives": [[words, words[:120]]],
        "systems": [{"name": words, "holds": ["health"], "criticality": 4, "hours": 24, "order": 1, "owner": owner}],
        "processes": [{"name": words, "criticality": 4, "hours": 24, "order": 1, "owner": owner}],
        "limits": {"financial": [1, words, 123456789000]},
        "limits_on": "-2/03",
        "limits_approved": [["-2/04", words]],
        "risks": [
            {
                "key": "only", "title": words, "cause": words, "event": words, "consequence": words,
                "category": words[:80], "owner": owner, "on": "-2/05", "before": [5, {"financial": 5}],
                "now": [3, {"financial": 5}], "target": [2, {"financial": 2}],
                "plan": {"kind": "reduce", "words": words, "by": "-0/01"},
                "accept": {"asked": "-0/01", "until": "+5/01", "conditions": words, "measure": words, "who": owner},
            }
        ],
        "policies": [{"title": words[:160], "owner": owner, "on": "-2/10", "approved": "-2/16"}],
        "vendors": [
            {
                "name": words, "service": words[:120], "kind": "software", "criticality": 4, "data": "sensitive",
                "owner": owner, "ends": "+1/20", "notice": 30, "review": ["-1/05", "conditional", words, words],
            }
        ],
        "decisions": [
            {
                "title": words, "question": words, "background": words, "recommendation": words, "delay": words,
                "who": who, "board": who == "dorian", "on": "-0/01", "by": "+0/28", "options": options,
            }
            for who in (owner, "dorian")
        ],
        "tasks": [
            {"title": words, "detail": words, "who": who, "on": "-1/05", "due": "-1/20"} for who in ("carla", owner)
        ],
    }  # fmt: skip
