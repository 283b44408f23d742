"""Parts of the interface's schema that belong to no single address."""

from typing import Any

COMPONENTS: dict[str, Any] = {
    "schemas": {
        "Problem": {
            "type": "object",
            "description": "Why the request was refused (RFC 9457).",
            "required": ["type", "title", "status", "code", "detail"],
            "properties": {
                "type": {"type": "string", "description": "Where the code is explained."},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "code": {"type": "string", "description": "For programs."},
                "detail": {"type": "string", "description": "For people."},
                "current": {"description": "The record as it stands now, where it has changed meanwhile."},
                "errors": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["pointer", "detail"],
                        "properties": {
                            "pointer": {"type": "string", "description": "JSON pointer into the body."},
                            "parameter": {"type": "string", "description": "The query parameter, if it is one."},
                            "detail": {"type": "string", "description": "The value, and what would do."},
                            "value": {"description": "The value as it was sent, shortened."},
                        },
                    },
                },
            },
        },
    },
    "securitySchemes": {
        "token": {"type": "http", "scheme": "bearer", "description": "A token made on the portal’s pages."},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "session",
            "description": "The browser’s own sign-in; unsafe requests need the header X-CSRFToken.",
        },
    },
}
