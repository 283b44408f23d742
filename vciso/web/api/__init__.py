"""The vocabulary of the interface for programs: what every app's `api` module is made of.

A `Resource` answers reads with `Record`s and takes writes through the forms and services of the
pages, so that both refuse the same things in the same words.
"""

from vciso.web.api.bodies import Nest
from vciso.web.api.records import Named, Record
from vciso.web.api.resources import Resource, creates, edits, refusing, removes, verb
from vciso.web.api.routes import reading_route, routes

__all__ = [
    "Named",
    "Nest",
    "Record",
    "Resource",
    "creates",
    "edits",
    "reading_route",
    "refusing",
    "removes",
    "routes",
    "verb",
]
