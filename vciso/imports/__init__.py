"""Bringing in the spreadsheets people already have, and writing them out again.

``reading`` turns bytes into cells and knows nothing of the portal. ``headers``,
``guessing`` and ``interpreting`` turn cells into values of an import kind.
An app above registers its kinds in ``registry``; ``services`` previews,
imports and undoes, and every value an export writes is read back alike.
"""
