"""Words of texts, for full-text search: how texts are split, and what is asked for.

A word is a run of letters and digits, in any case (`_`, `-`, `.` and `/` part words). Both databases index
the words that are split here, and neither has a parser of its own in between, so that they find the same.
What somebody types becomes `Words` of such words: it never reaches the syntax of FTS5 or of tsquery.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from fluvial.search.refusal import Fault
from fluvial.search.tree import And, Comparison, Field, Node, Not, Operator, Or, Words

# PostgreSQL keeps 16,383 positions of a text, 256 of a word, and words of 2,046 bytes.
MAX_WORDS = 16_000
MAX_OCCURRENCES = 255
MAX_WORD_CHARS = 100
MAX_DOCUMENT_CHARS = 100_000
MAX_TERMS = 50
# Stands between two texts, so that no phrase reaches from one into the other; nobody can ask for it.
GAP = "\x1f"
# The same for FTS5, whose tokenizer takes every character beyond ASCII for a letter.
_GAP_WORD = "\N{MIDDLE DOT}"

_WORD = re.compile(r"[^\W_]+")
_WORD_OR_GAP = re.compile(rf"[^\W_]+|{GAP}")
_TOKEN = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))|(?P<minus>-(?=[^\s)]))|(?P<and>AND(?![^\s()]))|(?P<or>OR(?![^\s()]))"""
    r"""|(?P<not>NOT(?![^\s)(]))|"(?P<phrase>[^"]*)"(?P<phrase_star>\*)?|(?P<plain>[^\s()"]+))"""
)


def split(text: str) -> list[str]:
    """The words of a text, in order."""
    return [word[:MAX_WORD_CHARS] for word in _WORD.findall(_folded(text))]


def document(texts: Iterable[str]) -> list[str]:
    """The words to index of something that has several texts, with gaps; of what is too long, the first."""
    folded = _folded(GAP.join(texts)[:MAX_DOCUMENT_CHARS])[:MAX_DOCUMENT_CHARS]
    words = [word[:MAX_WORD_CHARS] for word in _WORD_OR_GAP.findall(folded)[:MAX_WORDS]]
    if len(words) <= MAX_OCCURRENCES:
        return words
    counts: Counter[str] = Counter()
    for position, word in enumerate(words):
        counts[word] += 1
        if counts[word] > MAX_OCCURRENCES:
            words[position] = GAP
    return words


def as_text(words: Iterable[str]) -> str:
    """The words of a document as a text for FTS5's tokenizer `ascii`."""
    return " ".join(words).replace(GAP, _GAP_WORD)


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def as_tsvector(words: Iterable[str]) -> str:
    """The words of a document as the text of a PostgreSQL tsvector."""
    positions: defaultdict[str, list[str]] = defaultdict(list)
    for position, word in enumerate(words, 1):
        if word != GAP:
            positions[word].append(str(position))
    return " ".join(f"'{word}':{','.join(at)}" for word, at in positions.items())


def as_tsquery(words: Words) -> str:
    """What is asked for as the text of a PostgreSQL tsquery."""
    terms = [f"'{word}'" for word in words.words]
    if words.is_prefix:
        terms[-1] += ":*"
    return " <-> ".join(terms)


def as_fts5(words: Words) -> str:
    """What is asked for as an expression of SQLite's FTS5."""
    return f'"{" ".join(words.words)}"{" *" if words.is_prefix else ""}'


def parse(text: str, field: Field) -> Node:
    """What somebody asks for, as comparisons of one field.

    Raises:
        Fault: It asks for nothing, or for too much, or a parenthesis or quote is not closed.
    """
    return _Question(text, field).parsed()


class _Question:
    """`resnet "batch size" adam* -baseline OR (vgg AND NOT sgd)`: words side by side are joined by AND."""

    def __init__(self, text: str, field: Field) -> None:
        self._text = text
        self._field = field
        self._tokens = list(self._scan())
        self._at = 0

    def parsed(self) -> Node:
        if not self._tokens:
            raise Fault("There is no word to look for.", 0, len(self._text))
        n_terms = sum(kind in {"plain", "phrase"} for kind, _ in self._tokens)
        if n_terms > MAX_TERMS:
            raise Fault(f"A text search has at most {MAX_TERMS} words and phrases, not {n_terms}.")
        node = self._any(0)
        if self._at < len(self._tokens):
            raise self._unexpected()
        return node

    def _scan(self) -> Iterator[tuple[str, re.Match[str]]]:
        position = 0
        end = len(self._text.rstrip())
        while position < end:
            found = _TOKEN.match(self._text, position)
            if found is None:
                start = self._text.index('"', position)
                raise Fault("This quote is never closed.", start, end - start)
            kind = next(k for k in _KINDS if found[k] is not None)
            yield kind, found
            position = found.end()

    def _any(self, depth: int) -> Node:
        nodes = [self._all(depth)]
        while self._kind() == "or":
            self._at += 1
            nodes.append(self._all(depth))
        return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))

    def _all(self, depth: int) -> Node:
        nodes = [self._one(depth)]
        while self._kind() not in {"", "or", "close"}:
            if self._kind() == "and":
                self._at += 1
            nodes.append(self._one(depth))
        return nodes[0] if len(nodes) == 1 else And(tuple(nodes))

    def _one(self, depth: int) -> Node:
        kind = self._kind()
        if kind in {"", "or", "and", "close"} or depth > MAX_TERMS:
            raise self._unexpected()
        self._at += 1
        if kind in {"minus", "not"}:
            return Not(self._one(depth + 1))
        if kind == "open":
            node = self._any(depth + 1)
            if self._kind() != "close":
                raise self._unexpected()
            self._at += 1
            return node
        return self._term(self._tokens[self._at - 1][1])

    def _term(self, found: re.Match[str]) -> Node:
        written = found["phrase"] if found["plain"] is None else found["plain"]
        is_prefix = bool(found["phrase_star"]) or (found["plain"] or "").endswith("*")
        words = split(written)
        if not words:
            start = found.end() - len(found[0].lstrip())
            raise Fault("A word has letters or digits.", start, found.end() - start)
        return Comparison(self._field, Operator.HAS_WORDS, Words(tuple(words), is_prefix))

    def _kind(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _unexpected(self) -> Fault:
        if self._at >= len(self._tokens):
            return Fault("A word or a closing parenthesis is missing here.", len(self._text), 0)
        found = self._tokens[self._at][1]
        written = found[0].lstrip()
        return Fault(f"{written} has nothing to join here.", found.end() - len(written), len(written))


_KINDS = ("open", "close", "minus", "and", "or", "not", "phrase", "plain")
