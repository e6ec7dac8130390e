"""Reads the signatures of functions in Trino's notation.

`replace(varchar(x), varchar(y)) -> varchar(x)`: words inside a type are numbers that the call decides.
`map_agg(k, v) -> map(k,v) for K:comparable`: a letter, with a digit or not, is a type that the call decides. Messages
list these letters in order; where Trino does not, all of them stand after `for`.
`concat(varchar...) -> varchar`: the last parameter may stand any number of times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from local_athena.types.model import Simple, Type, Varchar

_VARIABLE = re.compile(r"[A-Za-z]\d?")
_SIGNATURE = re.compile(
    r"(?P<name>\w+)\((?P<parameters>.*)\)\s*->\s*(?P<result>.+?)(?:\s+for\s+(?P<constraints>.+))?", re.DOTALL
)
_SIZED = ("varchar", "char", "decimal", "time", "timestamp")
# Types of Trino that a text becomes by itself; here they stay texts.
_TEXTS = ("joniregexp", "jsonpath", "codepoints")


@dataclass(frozen=True)
class Variable:
    """A type that the call decides, e.g. `T`; its name is in upper case."""

    name: str


@dataclass(frozen=True)
class Fixed:
    """A type without anything to decide."""

    type: Type


@dataclass(frozen=True)
class Sized:
    """A family of types whose numbers the call decides, e.g. `decimal(p,s)`.

    Attributes:
        base: `varchar`, `char`, `decimal`, `time`, `timestamp`, with ` with time zone` where it belongs.
        numbers: the words or digits in the parentheses.
        text: as written; the same text twice in one signature is the same type twice.
    """

    base: str
    numbers: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Nested:
    """`array(…)`, `map(…)`, `row(…)` or `function(…)`."""

    kind: str
    parts: tuple[Formal, ...]


Formal = Variable | Fixed | Sized | Nested


@dataclass(frozen=True)
class Signature:
    """What a function takes and gives.

    Attributes:
        name: of the function.
        parameters: formal types.
        result: formal type of the result.
        variadic: whether the last parameter may stand any number of times.
        constraints: of type variables: `comparable` or `orderable`.
        shown: as Trino's messages show it.
    """

    name: str
    parameters: tuple[Formal, ...]
    result: Formal
    variadic: bool
    constraints: dict[str, str] = field(hash=False)
    shown: str

    @property
    def generic(self) -> bool:
        """Whether it has type variables."""
        return any(_variables(parameter) for parameter in self.parameters)


def parse(text: str) -> Signature:
    """Reads a signature."""
    found = _SIGNATURE.fullmatch(text)
    if found is None:
        raise ValueError(f"no signature: {text}")
    written = found["parameters"]
    variadic = written.endswith("...")
    written = written.removesuffix("...")
    parameters = tuple(_formal(part) for part in _split(written))
    constraints: dict[str, str] = {}
    for part in filter(None, (found["constraints"] or "").replace(" ", "").split(",")):
        variable, _, constraints[variable] = part.partition(":")
    return Signature(
        name=found["name"],
        parameters=parameters,
        result=_formal(found["result"]),
        variadic=variadic,
        constraints={variable: constraint for variable, constraint in constraints.items() if constraint},
        shown=_shown(found["name"], written, parameters, constraints),
    )


def _shown(name: str, written: str, parameters: tuple[Formal, ...], constraints: dict[str, str]) -> str:
    variables = sorted(set().union(*(_variables(parameter) for parameter in parameters)))
    listed = list(constraints) if set(constraints) == set(variables) else variables
    constrained = (f"{each}:{constraints[each]}" if constraints.get(each) else each for each in listed)
    return f"{name}({written}) {', '.join(constrained)}".rstrip()


def _variables(formal: Formal) -> set[str]:
    match formal:
        case Variable(name):
            return {name}
        case Nested(_, parts):
            return set().union(*map(_variables, parts))
    return set()


def _formal(text: str) -> Formal:
    text = text.strip()
    if _VARIABLE.fullmatch(text):
        return Variable(text.upper())
    if text in _TEXTS:
        return Fixed(Varchar())
    found = re.fullmatch(r"(\w+)\((.*)\)( with time zone)?", text, re.DOTALL)
    if found is None:
        return Fixed(Varchar() if text == "varchar" else Simple(text))
    name, inner, zone = found[1], _split(found[2]), found[3] or ""
    if name == "varchar" and inner[0].isdigit():
        return Fixed(Varchar(int(inner[0])))
    if name in _SIZED:
        return Sized(name + zone, tuple(inner), text)
    return Nested(name, tuple(map(_formal, inner)))


def _split(text: str) -> list[str]:
    """Parts between the commas that stand in no parentheses."""
    parts, depth, current = [], 0, ""
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += character
    return [*parts, current.strip()] if current.strip() else parts
