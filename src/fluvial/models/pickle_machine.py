"""Walk through a pickle without running it: what it would import, call and change.

A pickle is a program for a small machine with a stack and a memo. This one executes all of its opcodes on
stand-ins: plain texts, numbers and tuples are themselves, everything else is a note of what would be there.
So names that are put together on the stack or kept in the memo are seen as the real machine would see them.
Nothing is imported. What the real machine would refuse raises `Unreadable`.

Source: the opcodes as Python's `pickletools` documents them, and PEP 3154 and PEP 574 for protocols 4 and 5.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Callable
from typing import Any, ClassVar, Protocol

from fluvial.models.pickle_notes import SOMETHING, Findings, Made, Named, Unreadable
from fluvial.models.pickle_rules import (
    CLOUDPICKLE,
    is_class_of_code,
    is_code_type,
    reason_against,
    reason_against_call,
)

_KEPT_BYTES = 65_536  # of a text or of bytes: names and code are shorter, arrays are not kept
_MAX_LINE_BYTES = 65_536
_MAX_PROTOCOL = 5
_MAX_INTEGER_BYTES = 4_096
_KEPT_ITEMS = 1_000
_MODULE = re.compile(r"[\w.\-]+")
_NAME = re.compile(r"[\w.<>]+")


class Source(Protocol):
    """What a pickle is read from, forward only."""

    def read(self, size: int, /) -> bytes:
        """The next bytes; fewer at the end."""


class Machine:
    """Executes one pickle on stand-ins.

    Args:
        source: Where it begins.
        findings: Added to.
        on_build: Called with an object whose state was just set; reads on if its content follows in the
            source, as joblib does for arrays, and returns what stands for it then.
    """

    def __init__(
        self, source: Source, findings: Findings, on_build: Callable[[Made], Any] | None = None
    ) -> None:
        self._source = source
        self._findings = findings
        self._on_build = on_build
        self._stack: list[Any] = []
        self._marked: list[list[Any]] = []
        self._memo: dict[int, Any] = {}

    def run(self) -> Any:
        """Walk to the pickle's end.

        Returns:
            What stands for the value that it would make.

        Raises:
            Unreadable: It is no pickle, or ends too soon.
        """
        while True:
            opcode = self.take(1)
            if opcode == b".":
                return self._pop()
            step = self._STEPS.get(opcode)
            if step is None:
                raise Unreadable(f"{opcode!r} is no opcode")
            step(self)

    def take(self, size: int) -> bytes:
        """The next bytes.

        Raises:
            Unreadable: There are not as many.
        """
        taken = self._source.read(size)
        if len(taken) != size:
            raise Unreadable("it ends too soon")
        return taken

    def skip(self, size: int) -> None:
        """Leave bytes out, however many.

        Raises:
            Unreadable: There are not as many.
        """
        while size > 0:
            size -= len(self.take(min(size, 1_048_576)))

    def _number(self, form: str) -> int:
        number: int = struct.unpack(form, self.take(struct.calcsize(form)))[0]
        if number < 0 and form != "<i":
            raise Unreadable("a length is negative")
        return number

    def _line(self) -> bytes:
        line = bytearray()
        while (character := self.take(1)) != b"\n":
            line += character
            if len(line) > _MAX_LINE_BYTES:
                raise Unreadable("a line does not end")
        return bytes(line)

    def _line_text(self) -> str:
        return self._line().decode("utf-8", "replace")

    def _line_number(self) -> int:
        try:
            return int(self._line())
        except ValueError as error:
            raise Unreadable("a number is none") from error

    def _push(self, value: Any) -> None:
        self._stack.append(value)

    def _pop(self) -> Any:
        if not self._stack:
            raise Unreadable("the stack is empty")
        return self._stack.pop()

    def _top(self) -> Any:
        if not self._stack:
            raise Unreadable("the stack is empty")
        return self._stack[-1]

    def _pop_mark(self) -> list[Any]:
        if not self._marked:
            raise Unreadable("there is no mark")
        items = self._stack
        self._stack = self._marked.pop()
        return items

    # What changes the machine itself

    def _protocol(self) -> None:
        if self.take(1)[0] > _MAX_PROTOCOL:
            raise Unreadable("its protocol is none that Python knows")

    def _frame(self) -> None:
        self.take(8)  # a frame only says how much to read ahead

    def _mark(self) -> None:
        self._marked.append(self._stack)
        self._stack = []

    def _drop(self) -> None:
        if self._stack:
            self._stack.pop()
        else:
            self._pop_mark()

    def _drop_marked(self) -> None:
        self._pop_mark()

    def _read_only(self) -> None:
        self._top()  # what it marks has to be there

    def _duplicate(self) -> None:
        self._push(self._top())

    def _put(self, index: int) -> None:
        self._memo[index] = self._top()

    def _get(self, index: int) -> None:
        if index not in self._memo:
            raise Unreadable("the memo lacks what is asked of it")
        self._push(self._memo[index])

    # Values

    def _bytes(self, form: str) -> None:
        size = self._number(form)
        if size > _KEPT_BYTES:
            self.skip(size)
            self._push(SOMETHING)
        else:
            self._push(self.take(size))

    def _text(self, form: str) -> None:
        size = self._number(form)
        if size > _KEPT_BYTES:
            self.skip(size)
            self._push(SOMETHING)
        else:
            self._push(self.take(size).decode("utf-8", "surrogatepass"))

    def _old_text(self, form: str) -> None:
        size = self._number(form)
        if size > _KEPT_BYTES:
            self.skip(size)
            self._push(SOMETHING)
        else:
            self._push(self.take(size).decode("latin-1"))

    def _quoted_text(self) -> None:
        line = self._line().strip()
        if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in b"'\"":
            raise Unreadable("a text has no quotes")
        self._push(codecs.escape_decode(line[1:-1])[0].decode("latin-1"))

    def _escaped_text(self) -> None:
        self._push(self._line().decode("raw-unicode-escape", "replace"))

    def _integer_line(self) -> None:
        line = self._line().removesuffix(b"L")
        try:
            self._push(line == b"01" if line in {b"00", b"01"} else int(line))
        except ValueError as error:
            raise Unreadable("a number is none") from error

    def _long(self, form: str) -> None:
        size = self._number(form)
        if size > _MAX_INTEGER_BYTES:
            raise Unreadable("an integer is too long")
        self._push(int.from_bytes(self.take(size), "little", signed=True))

    def _float_line(self) -> None:
        self._line()
        self._push(SOMETHING)

    def _float(self) -> None:
        self.take(8)
        self._push(SOMETHING)

    def _tuple(self, n_items: int) -> None:
        items = [self._pop() for _ in range(n_items)]
        self._push(tuple(reversed(items)))

    def _marked_tuple(self) -> None:
        items = self._pop_mark()
        self._push(tuple(items) if len(items) <= _KEPT_ITEMS else SOMETHING)

    def _marked_dict(self) -> None:
        items = self._pop_mark()
        self._push({})
        self._set_all(self._top(), items)

    def _marked_list(self) -> None:
        self._pop_mark()
        self._push(SOMETHING)

    def _append(self) -> None:
        self._pop()
        self._change(self._top())

    def _append_all(self) -> None:
        self._pop_mark()
        self._change(self._top())

    def _set_item(self) -> None:
        value, key = self._pop(), self._pop()
        self._set_all(self._top(), [key, value])

    def _set_items(self) -> None:
        items = self._pop_mark()
        self._set_all(self._top(), items)

    def _set_all(self, target: Any, items: list[Any]) -> None:
        self._change(target)
        if len(items) % 2:
            raise Unreadable("a key has no value")
        if isinstance(target, dict) and len(target) < _KEPT_ITEMS:
            pairs = zip(items[::2], items[1::2], strict=True)
            target.update({key: value for key, value in pairs if isinstance(key, str)})

    def _change(self, target: Any) -> None:
        if isinstance(target, Named):
            self._refuse(f"{target.module}.{target.name} itself would be changed")

    # Globals and calls

    def _global_line(self) -> None:
        module, name = self._line_text(), self._line_text()
        self._push(self._named(module, name))

    def _global_of_stack(self) -> None:
        name, module = self._pop(), self._pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise Unreadable("a global has no name")
        self._push(self._named(module, name))

    def _named(self, module: str, name: str) -> Named:
        if not _MODULE.fullmatch(module) or not _NAME.fullmatch(name):
            raise Unreadable("a global has no name that Python could import")
        self._findings.globals[f"{module}.{name}"] = None
        self._findings.modules[module] = None
        reason = reason_against(module, name)
        if reason:
            self._refuse(reason)
        return Named(module, name)

    def _extension(self, form: str) -> None:
        self._refuse(f"extension {self._number(form)} of the registry stands for anything")
        self._push(SOMETHING)

    def _persistent_line(self) -> None:
        self._line()
        self._push(SOMETHING)

    def _persistent(self) -> None:
        self._pop()
        self._push(SOMETHING)

    def _reduce(self) -> None:
        arguments, maker = self._pop(), self._pop()
        self._push(self._call(maker, arguments))

    def _new(self) -> None:
        arguments, kind = self._pop(), self._pop()
        self._push(self._instance(kind, arguments))

    def _new_with_keywords(self) -> None:
        _, arguments, kind = self._pop(), self._pop(), self._pop()
        self._push(self._instance(kind, arguments))

    def _marked_object(self) -> None:
        items = self._pop_mark()
        if not items:
            raise Unreadable("an object has no class")
        self._push(self._call(items[0], tuple(items[1:])))

    def _marked_instance(self) -> None:
        module, name = self._line_text(), self._line_text()
        items = self._pop_mark()
        self._push(self._call(self._named(module, name), tuple(items)))

    def _instance(self, kind: Any, arguments: Any) -> Made:
        if isinstance(kind, Made) and isinstance(kind.maker, Named) and is_class_of_code(kind.maker.module):
            return Made(kind, _known(arguments))
        return self._call(kind, arguments)

    def _call(self, maker: Any, arguments: Any) -> Made:
        known = _known(arguments)
        if isinstance(maker, Named):
            self._judge_call(maker, known)
        elif _is_code_type(maker):
            self._findings.has_code = True
            self._findings.codes.append(known)
        else:
            self._refuse("something is called that the pickle made itself")
        return Made(maker, known)

    def _judge_call(self, maker: Named, arguments: tuple[Any, ...]) -> None:
        reason = reason_against_call(maker.module, maker.name, arguments)
        if reason:
            self._refuse(reason)
        if maker.module not in CLOUDPICKLE:
            return
        self._findings.has_code = True
        if maker.name == "subimport" and arguments and isinstance(arguments[0], str):
            self._findings.modules[arguments[0]] = None

    def _build(self) -> None:
        state = self._pop()
        target = self._top()
        self._change(target)
        if isinstance(target, Made):
            target.state = state
            if self._on_build is not None:
                self._stack[-1] = self._on_build(target)

    def _refuse(self, reason: str) -> None:
        self._findings.reasons[reason] = None

    _STEPS: ClassVar[dict[bytes, Callable[[Machine], None]]] = {
        b"\x80": _protocol,
        b"\x95": _frame,
        b"(": _mark,
        b"0": _drop,
        b"1": _drop_marked,
        b"2": _duplicate,
        b"p": lambda self: self._put(self._line_number()),
        b"q": lambda self: self._put(self._number("<B")),
        b"r": lambda self: self._put(self._number("<I")),
        b"\x94": lambda self: self._put(len(self._memo)),
        b"g": lambda self: self._get(self._line_number()),
        b"h": lambda self: self._get(self._number("<B")),
        b"j": lambda self: self._get(self._number("<I")),
        b"N": lambda self: self._push(None),
        b"\x88": lambda self: self._push(True),
        b"\x89": lambda self: self._push(False),
        b"I": _integer_line,
        b"J": lambda self: self._push(self._number("<i")),
        b"K": lambda self: self._push(self._number("<B")),
        b"M": lambda self: self._push(self._number("<H")),
        b"L": _integer_line,
        b"\x8a": lambda self: self._long("<B"),
        b"\x8b": lambda self: self._long("<I"),
        b"F": _float_line,
        b"G": _float,
        b"S": _quoted_text,
        b"T": lambda self: self._old_text("<I"),
        b"U": lambda self: self._old_text("<B"),
        b"V": _escaped_text,
        b"X": lambda self: self._text("<I"),
        b"\x8c": lambda self: self._text("<B"),
        b"\x8d": lambda self: self._text("<Q"),
        b"B": lambda self: self._bytes("<I"),
        b"C": lambda self: self._bytes("<B"),
        b"\x8e": lambda self: self._bytes("<Q"),
        b"\x96": lambda self: self._bytes("<Q"),
        b"\x97": lambda self: self._push(SOMETHING),
        b"\x98": _read_only,
        b")": lambda self: self._push(()),
        b"t": _marked_tuple,
        b"\x85": lambda self: self._tuple(1),
        b"\x86": lambda self: self._tuple(2),
        b"\x87": lambda self: self._tuple(3),
        b"]": lambda self: self._push(SOMETHING),
        b"l": _marked_list,
        b"a": _append,
        b"e": _append_all,
        b"}": lambda self: self._push({}),
        b"d": _marked_dict,
        b"s": _set_item,
        b"u": _set_items,
        b"\x8f": lambda self: self._push(SOMETHING),
        b"\x90": _append_all,
        b"\x91": _marked_list,
        b"c": _global_line,
        b"\x93": _global_of_stack,
        b"\x82": lambda self: self._extension("<B"),
        b"\x83": lambda self: self._extension("<H"),
        b"\x84": lambda self: self._extension("<I"),
        b"P": _persistent_line,
        b"Q": _persistent,
        b"R": _reduce,
        b"\x81": _new,
        b"\x92": _new_with_keywords,
        b"o": _marked_object,
        b"i": _marked_instance,
        b"b": _build,
    }


def _known(arguments: Any) -> tuple[Any, ...]:
    return arguments if isinstance(arguments, tuple) else ()


def _is_code_type(maker: Any) -> bool:
    return (
        isinstance(maker, Made)
        and isinstance(maker.maker, Named)
        and is_code_type((maker.maker.module, maker.maker.name), maker.arguments)
    )
