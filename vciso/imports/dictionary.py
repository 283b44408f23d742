"""Which field a header means, and how sure that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from vciso.imports.groups import halves_of_scores, stem
from vciso.imports.legends import without_legend
from vciso.imports.reading.texts import forms, plain, without_brackets
from vciso.imports.registry import RATINGS, Field, FieldKind, ImportKind
from vciso.imports.sorts import SMALL, Sorts

_WEAK = frozenset(
    """number no id name date type system process description control level value plan result source service
    use state area group class item index line risk other key detail asset data title issue event unit rank
    domain from to in i l c s p n o open tool start end product scope company team site""".split()
)


@dataclass(frozen=True, slots=True)
class Match:
    """A field a header may mean; confidence 1 is the field's own name or a known word for it."""

    field: Field
    confidence: float
    own: bool = False


def _abbreviated(name: str) -> bool:
    return any(len(word) < 3 and word not in SMALL for word in name.split())


_TURNS = frozenset(
    """source origin opportunity opportunitie approval approver history previous link url version count criteria
    threshold change opportunite oportunidad opportunita quelle herkunft fuente origen fonte bron""".split()
)
"""Words beside a known one that make a column something else: the "source" of a weakness is no cause."""
_TURNS_RATINGS = _TURNS | frozenset("detection detectability confidence appetite tolerance trend tendenz".split())
"""Words beside a rating that make it one of something else; "detection controls" are controls."""
_TURNS_TEXTS = _TURNS | frozenset(
    "frequency probability likelihood param parameter authority dependency review".split()
)
"""Words beside one of a text that make it something else: a "threat event frequency" is no event."""
_TURNS_CHOICES = _TURNS | frozenset({"review"})
_TURNED = {
    FieldKind.TEXT: _TURNS_TEXTS,
    FieldKind.CHOICE: _TURNS_CHOICES,
} | dict.fromkeys(RATINGS, _TURNS_RATINGS)
_OF_THE_LIST = frozenset(
    "register record unique our own internal log entry item list main system auto line row".split()
)
"""Words beside "no." or "ref" that leave it the number of the record itself."""
_OWN = (FieldKind.TEXT, FieldKind.NUMBER)
_ABBREVIATED = (FieldKind.SCALE, FieldKind.SCORE)


def _forms(header: str) -> list[str]:
    """The forms a header may be looked up in, without those that drop a word that changes what it means."""
    said = set(plain(without_brackets(header)).split())
    return [form for form in forms(header) if not (said - set(form.split())) & _TURNS]


Offer = Callable[[Match, float], None]


_made: dict[int, tuple[ImportKind, Dictionary]] = {}


def dictionary_of(kind: ImportKind) -> Dictionary:
    """The dictionary of a kind, made once."""
    held = _made.get(id(kind))
    if held is None or held[0] is not kind:
        held = _made[id(kind)] = (kind, Dictionary(kind))
    return held[1]


class Dictionary:
    """The headers a kind knows, ready to be asked many times."""

    def __init__(self, kind: ImportKind) -> None:
        self.kind = kind
        self.exact: dict[str, list[Match]] = defaultdict(list)
        self.sets: dict[frozenset[str], list[Match]] = defaultdict(list)
        self.by_word: dict[str, set[frozenset[str]]] = defaultdict(set)
        self.whole = [field for field in kind.fields if field.only_checked and field.kind in _OWN]
        """What only files of our own have a column for: such headings are matched whole."""
        self.sorted = [Sorts(field) for field in kind.fields if field.each]
        for field in kind.fields:
            self._learn(field)
        # "inherent l" looks like anything that begins so.
        self.names = [
            name
            for name, found in self.exact.items()
            if len(name) > 5 and not _abbreviated(name) and any(match.field not in self.whole for match in found)
        ]
        self.bare = {
            form: stem(match.field.key)
            for form, found in self.exact.items()
            for match in reversed(found)
            if match.field.instead and match.field.kind in _ABBREVIATED
        }
        """Forms of headers that name a rating without saying which of its kind, with the word its fields begin with."""
        self._cache: dict[tuple[str, ...], list[Match]] = {}
        self.halves = halves_of_scores(kind)
        """What scores are made of, by the words that their fields begin with."""

    def _learn(self, field: Field) -> None:
        words = [(field.label, True), (field.key.replace("_", " "), False)]
        words += [(word, False) for word in field.synonyms]
        known: set[str] = set()
        for position, (word, own) in enumerate(words):
            form = plain(word)
            if not form or form in known:
                continue
            known.add(form)
            sure = 1.0 if own else 0.995 - 0.045 * position / len(words)
            match = Match(field, sure, own)
            self.exact[form].append(match)
            tokens = frozenset(form.split()) - SMALL
            if field.each is None and field not in self.whole and tokens and not (len(tokens) == 1 and tokens <= _WEAK):
                self.sets[tokens].append(match)
                for token in tokens:
                    self.by_word[token].add(tokens)

    def matches(self, header: str, group: str = "") -> list[Match]:
        """Fields the header may mean, best first; ``group`` is the heading above it."""
        key = (header, group)
        if key not in self._cache:
            self._cache[key] = self._find(without_legend(header), group)
        return self._cache[key]

    def abbreviated(self, header: str) -> list[str]:
        """The ratings a header may mean among its like, the likeliest first, by the words their fields begin with."""
        form = plain(header)
        places = [(item.letters.index(form), stem(item.key)) for item in self.kind.fields if form in item.letters]
        if places or len(form) < 3:
            return [name for _, name in sorted(places)]
        match = self.names_field(header)
        return [stem(match.field.key)] if match is not None and match.field.kind in _ABBREVIATED else []

    def names_field(self, header: str, group: str = "") -> Match | None:
        """The field a header names word for word; quick enough to ask for every cell of a sheet."""
        key = (header, group, "exact")
        if key not in self._cache:
            best: Match | None = None
            for form in [*_forms(f"{group} {header}"), *_forms(header)] if group else _forms(header):
                for match in self.exact.get(form, ()) if len(form) > 1 or not group else ():
                    # "Inherent" over two columns is no heading of a pair: only what stands in the cells says so.
                    if match.field.kind is FieldKind.PAIR:
                        continue
                    if best is None or match.confidence > best.confidence:
                        best = self._meant(match, group)
            self._cache[key] = [best] if best else []
        return next(iter(self._cache[key]), None)

    def names_bare(self, header: str) -> str:
        """The rating that a header names without saying which of its kind, by the word its fields begin with."""
        return next((self.bare[form] for form in _forms(header) if form in self.bare), "")

    def _meant(self, match: Match, group: str) -> Match:
        """Of ratings that a heading names alike the one that the heading above marks: "Impact" below "Residual"."""
        if not group or not match.field.instead:
            return match
        form = f" {plain(group)} "
        marked = [
            field
            for field in self.kind.fields
            if field.kind is match.field.kind
            and stem(field.key) == stem(match.field.key)
            and any(f" {plain(mark)} " in form for mark in field.marks)
        ]
        return Match(marked[0], match.confidence) if len(marked) == 1 else match

    def _find(self, header: str, group: str) -> list[Match]:
        best: dict[str, Match] = {}

        def offer(match: Match, confidence: float) -> None:
            held = best.get(match.field.key)
            if held is None or held.confidence < confidence:
                own = match.own and confidence >= 1.0
                best[match.field.key] = Match(match.field, confidence, own)

        attempts = [(form, 1.0) for form in _forms(f"{group} {header}")] if group else []
        # A single letter under a heading says nothing by itself ("C", "I", "A").
        alone = [(form, 0.93 if group else 1.0) for form in _forms(header) if not group or len(form) > 1]
        for number, (form, trust) in enumerate(attempts + alone):
            slip = 0.0 if number == 0 else 0.004 * number
            for match in self.exact.get(form, ()):
                meant = match if number < len(attempts) else self._meant(match, group)
                offer(meant, match.confidence * trust - slip)
        if not best or max(match.confidence for match in best.values()) < 0.9:
            for form, trust in attempts + alone:
                self._offer_contained(form, trust, offer)
                self._offer_similar(form, trust, offer)
            for match in self.each_of(header, group):
                offer(match, match.confidence)
        elif group:
            self._offer_contained(plain(f"{group} {header}"), 1.0, offer)
        return sorted(best.values(), key=lambda match: -match.confidence)

    def _offer_contained(self, form: str, trust: float, offer: Offer) -> None:
        tokens = frozenset(form.split()) - SMALL
        if not tokens or len(tokens) > 9:
            return
        candidates = {known for token in tokens for known in self.by_word.get(token, ())}
        for known in candidates:
            if not known <= tokens:
                continue
            rest = tokens - known
            share = len(known) / len(tokens)
            sure = (0.45 if len(known) == 1 else 0.62) + 0.3 * share
            for match in self.sets[known]:
                if rest & _TURNED.get(match.field.kind, _TURNS):
                    continue
                if match.field.numbers and not rest <= _OF_THE_LIST | set(plain(self.kind.noun).split()):
                    # "Control ref" is the number of something else.
                    continue
                offer(match, sure * match.confidence * trust)

    def _offer_similar(self, form: str, trust: float, offer: Offer) -> None:
        if len(form) < 5:
            return
        found = process.extractOne(form, self.names, scorer=fuzz.ratio, score_cutoff=86)
        if found:
            for match in self.exact[found[0]]:
                # "Legal impact" is no slip of "goal impact": what tells ratings apart has to stand there.
                if not match.field.marks or _spelled_alike(form, found[0]):
                    offer(match, 0.0085 * found[1] * match.confidence * trust)

    def each_of(self, header: str, group: str = "", *, whole: bool = False) -> list[Match]:
        """The fields of several columns of which a header names one: "Impact on students" beside "Legal impact".

        ``whole`` looks into brackets too, where other columns say that sorts are told apart.
        """
        text = f"{group} {header}" if whole else f"{group} {without_brackets(header)}"
        found = [(one, one.sure(text), one.marked(text)) for one in self.sorted]
        marked = [entry for entry in found if entry[2]] or [entry for entry in found if entry[0].field.instead]
        return [Match(one.field, sure) for one, sure, _ in marked if sure]

    def sort_of(self, header: str, group: str = "") -> frozenset[str]:
        """What a header says besides the rating that it names, brackets and all; nothing where it names none."""
        text = f"{group} {without_legend(header)}"
        told = [one.told(text) for one in self.sorted if one.marked(text)]
        told = told or [one.told(text) for one in self.sorted if one.field.instead]
        return frozenset(told[0]) if told else frozenset()

    def knows_sort(self, words: frozenset[str]) -> bool:
        """Whether the words name sorts that are known; a letter alone may be an abbreviation of anything."""
        return any(words <= one.sorts for one in self.sorted) and any(len(word) > 1 for word in words)

    def sort_alone(self, header: str) -> bool:
        """Whether a header is nothing but the name of a sort: "Legal / regulatory"."""
        tokens = set(plain(without_brackets(header)).split())
        tokens -= SMALL if len(tokens) > 1 else set()
        return bool(tokens) and any(tokens <= one.sorts for one in self.sorted)


_SLIP = 85
"""How alike two words are of which one is a slip of the other; "global" is none of "goal"."""


def _spelled_alike(one: str, other: str) -> bool:
    """Whether two names have the same words, but for a slip in each."""
    words = one.split(), other.split()
    return len(words[0]) == len(words[1]) and all(fuzz.ratio(a, b) >= _SLIP for a, b in zip(*words, strict=True))
