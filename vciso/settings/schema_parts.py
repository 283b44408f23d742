"""Parts of the interface's schema that belong to no single address."""

from typing import Any

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
REFUSALS = {
    400: "The request cannot be read, or the list knows no such filter; `errors` says what it takes",
    401: "A token or a sign-in is needed",
    403: "Your role, or the token, does not include this",
    404: "There is nothing here, or it is not yours to see",
    409: "The record does not allow this as it stands: it is closed, answered or frozen",
    410: "The stored file is missing",
    412: "The record has changed since you read it; `current` is how it stands",
    415: "Send JSON",
    422: "Some values cannot be taken; `errors` says which, why, and what would do",
    428: "Say with If-Match which version you change",
    429: "Too many requests; wait as long as Retry-After says",
    503: "The portal cannot answer just now",
}

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
                            "allowed": {
                                "type": "array",
                                "items": {"type": "string"},
                                "description": "What a query parameter takes, or which parameters there are.",
                            },
                        },
                    },
                },
            },
        },
    },
    "responses": {str(code): {"description": words, "content": PROBLEM} for code, words in REFUSALS.items()},
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
