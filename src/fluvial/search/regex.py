r"""Regular expressions: the part of the syntax that means the same to RE2 and to PostgreSQL.

Both take time in proportion to the text, so no pattern can stall the server. A pattern is scanned
once and written anew for each: `.` matches line ends too, `^` and `$` are the two ends of the text,
`\d`, `\w` and `\s` are ASCII, a pattern matches anywhere in the text, and `(?i)` may stand in front.
Python's own engine is not used: `(a+)+$` keeps it busy for years.
"""

from __future__ import annotations

import re
from functools import lru_cache

import re2
from msgspec import Struct

from fluvial.search.refusal import Fault

MAX_PATTERN_CHARS = 500
# PostgreSQL repeats nothing more often.
_MAX_REPEAT = 255
# Characters that repeats with a count write out. PostgreSQL needs time in proportion to the cube of it to
# read `(a?){250}`: 0.3 s for 250, over 20 s for 750, and refuses 100,000 of whatever kind.
_MAX_WRITTEN_OUT = 300

_SPECIAL = frozenset(r"\^$.|?*+()[]{}")
_SPECIAL_IN_CLASS = frozenset(r"\^[]-")
_REPEAT = re.compile(r"\{(\d+)(,(\d*))?\}")
_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": r" \t\n\r\f\v"}
_CONTROLS = frozenset("ntrfv")
_WORD_EDGES = {"b": r"\y", "B": r"\Y"}


class Translation(Struct, frozen=True):
    """One regular expression in the syntax of each engine."""

    re2: str
    postgresql: str


def find_fault(pattern: str) -> Fault | None:
    """What is wrong with the pattern, or None."""
    try:
        compiled(translate(pattern).re2)
    except Fault as fault:
        return fault
    except re2.error:
        return Fault("This regular expression is too large.", 0, len(pattern))
    return None


@lru_cache(maxsize=256)
def translate(pattern: str) -> Translation:
    """The pattern for each engine.

    Raises:
        Fault: It is no regular expression, or has no equal meaning in both.
    """
    return _Scan(pattern).run()


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re2._Regexp[str]:
    """A pattern of RE2, where `.` matches every character.

    Raises:
        re2.error: It needs more memory than one pattern may.
    """
    options = re2.Options()
    options.log_errors = False
    options.dot_nl = True
    options.never_capture = True
    return re2.compile(pattern, options)


def is_match(pattern: str, text: str) -> bool:
    """Whether a pattern of RE2 matches anywhere in the text."""
    return compiled(pattern).search(text) is not None


class _Scan:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._position = 0
        self._re2: list[str] = []
        self._postgresql: list[str] = []
        self._open_groups: list[int] = []
        self._can_repeat = False
        # Characters in each open group, the innermost last, and in what could be repeated next.
        self._sizes = [0]
        self._size = 0
        self._n_written_out = 0

    def run(self) -> Translation:
        if len(self._pattern) > MAX_PATTERN_CHARS:
            excess = len(self._pattern) - MAX_PATTERN_CHARS
            message = f"A regular expression has at most {MAX_PATTERN_CHARS} characters."
            raise Fault(message, MAX_PATTERN_CHARS, excess)
        if self._pattern.startswith("(?i)"):
            self._emit("(?i)")
            self._position = 4
        while self._position < len(self._pattern):
            self._step()
        if self._open_groups:
            raise Fault("This ( is never closed.", self._open_groups[-1])
        return Translation("".join(self._re2), "".join(self._postgresql))

    def _step(self) -> None:
        character = self._pattern[self._position]
        if character == "[":
            self._class()
            return
        if character == "\\":
            self._escape()
            return
        if character in "*+?" or (character == "{" and self._repeat_at(self._position)):
            self._repeat()
            return
        match character:
            case "(":
                self._open_group()
            case ")":
                self._close_group()
            case "^" | "$" | "|":
                self._emit(character)
                self._can_repeat = False
            case ".":
                self._emit(character)
                self._grow(1)
            case _:
                self._emit(_literal(character, _SPECIAL))
                self._grow(1)
        self._position += 1

    def _grow(self, size: int) -> None:
        """Note that something of that many characters stands here, which may be repeated."""
        self._size = size
        self._sizes[-1] += size
        self._can_repeat = True

    def _open_group(self) -> None:
        self._open_groups.append(self._position)
        self._sizes.append(0)
        self._can_repeat = False
        self._emit("(?:")
        if self._pattern.startswith("(?", self._position):
            if not self._pattern.startswith("(?:", self._position):
                raise Fault("Of the (?…) forms only (?:…) and a leading (?i) exist.", self._position, 3)
            self._position += 2

    def _close_group(self) -> None:
        if not self._open_groups:
            raise Fault("This ) closes nothing.", self._position)
        self._open_groups.pop()
        self._emit(")")
        self._grow(max(1, self._sizes.pop()))

    def _repeat_at(self, position: int) -> re.Match[str] | None:
        return _REPEAT.match(self._pattern, position)

    def _repeat(self) -> None:
        start = self._position
        bounds = self._repeat_at(start)
        text = bounds[0] if bounds else self._pattern[start]
        if not self._can_repeat:
            raise Fault(f"Nothing stands before this {text} that could be repeated.", start, len(text))
        if bounds:
            low = int(bounds[1])
            high = int(bounds[3]) if bounds[3] else low
            if max(low, high) > _MAX_REPEAT:
                raise Fault(f"Nothing is repeated more than {_MAX_REPEAT} times.", start, len(text))
            if high < low:
                raise Fault("The smaller number comes first.", start, len(text))
            self._sizes[-1] += self._size * (high - 1)
            self._n_written_out += self._size * high
            if self._n_written_out > _MAX_WRITTEN_OUT:
                raise Fault("This repeats too much.", start, len(text))
        self._emit(text)
        self._position += len(text)
        # A lazy repeat matches the same texts as a greedy one.
        if self._pattern.startswith("?", self._position):
            self._position += 1
        self._can_repeat = False

    def _escape(self) -> None:
        character = self._escaped()
        if character in _WORD_EDGES:
            self._emit(f"\\{character}", _WORD_EDGES[character])
            self._can_repeat = False
            self._position += 2
            return
        if character.lower() in _CLASSES:
            negation = "^" if character.isupper() else ""
            self._emit(f"[{negation}{_CLASSES[character.lower()]}]")
        elif character in _CONTROLS:
            self._emit(f"\\{character}")
        else:
            self._emit(_literal(self._plain(character), _SPECIAL))
        self._grow(1)
        self._position += 2

    def _escaped(self) -> str:
        character = self._pattern[self._position + 1 : self._position + 2]
        if not character:
            raise Fault("A \\ at the end stands before nothing: write \\\\.", self._position)
        return character

    def _plain(self, character: str) -> str:
        if character.isdigit():
            raise Fault("A group cannot be matched again.", self._position, 2)
        if character.isalpha():
            raise Fault(f"There is no \\{character} here.", self._position, 2)
        return character

    def _class(self) -> None:
        start = self._position
        self._position += 1
        negation = "^" if self._pattern.startswith("^", self._position) else ""
        self._position += len(negation)
        items: list[str] = []
        while not self._pattern.startswith("]", self._position) or not items:
            if self._position >= len(self._pattern):
                raise Fault("This [ is never closed.", start)
            items.append(self._class_item())
        self._position += 1
        self._emit(f"[{negation}{''.join(items)}]")
        self._grow(1)

    def _class_item(self) -> str:
        start = self._position
        character, low = self._class_character()
        has_end = self._position + 1 < len(self._pattern) and self._pattern[self._position + 1] != "]"
        if not self._pattern.startswith("-", self._position) or not has_end:
            return low
        self._position += 1
        last, high = self._class_character()
        length = self._position - start
        if character is None or last is None:
            raise Fault("A range goes from one character to another.", start, length)
        if last < character:
            raise Fault("The smaller character of a range comes first.", start, length)
        return f"{low}-{high}"

    def _class_character(self) -> tuple[str | None, str]:
        """One member of a class: the character, None for a set of them, and how it is written."""
        character = self._pattern[self._position]
        if character == "[" and self._pattern[self._position + 1 : self._position + 2] in {":", ".", "="}:
            raise Fault("Named classes do not exist here: write [a-z] or \\d.", self._position, 2)
        if character != "\\":
            self._position += 1
            return character, _literal(character, _SPECIAL_IN_CLASS)
        character = self._escaped()
        if character in _CLASSES:
            self._position += 2
            return None, _CLASSES[character]
        if character in _CONTROLS:
            self._position += 2
            return None, f"\\{character}"
        plain = self._plain(character)
        self._position += 2
        return plain, _literal(plain, _SPECIAL_IN_CLASS)

    def _emit(self, for_re2: str, for_postgresql: str | None = None) -> None:
        self._re2.append(for_re2)
        self._postgresql.append(for_re2 if for_postgresql is None else for_postgresql)


def _literal(character: str, special: frozenset[str]) -> str:
    return f"\\{character}" if character in special else character
