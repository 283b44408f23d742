"""All components under one name; built into every template, so `{% load ui %}` is optional."""

from django import template

from vciso.web.components import basics, blocks, buttons, forms, tables

register = template.Library()
for _part in (basics, blocks, buttons, forms, tables):
    for _name in set(register.tags) & set(_part.register.tags):
        raise RuntimeError(f"two components are called {_name}")
    register.tags.update(_part.register.tags)
    register.filters.update(_part.register.filters)
