"""What an expression of a scenario stands for, in words: ``call.json.get("code")`` is "code"."""

from __future__ import annotations

import ast

ORGANIZATIONS = "organizations on the page"
PLAIN_CALLS = ("sorted", "list", "set", "frozenset", "tuple", "dict", "str")
"""Functions that give what they are given, as far as a reader is concerned."""


def names_in(expression: ast.expr) -> tuple[str, ...]:
    """The name of a value; of a tuple, the names of its items. Empty where there is none to give."""
    if isinstance(expression, ast.Tuple):
        return tuple(map(_name, expression.elts))
    return (_name(expression),)


def _name(expression: ast.expr) -> str:
    match expression:
        case ast.Call(func=ast.Name(id="len"), args=[counted, *_]):
            counted_as = _name(counted) or _variable(counted)
            return f"number of {SAID.get(counted_as, counted_as)}"
        case ast.Call(func=ast.Name(id=function), args=[argument, *_]) if function in PLAIN_CALLS:
            return _name(argument)
        case ast.Call(func=ast.Attribute(attr="get" | "cursor"), args=[argument, *_]):
            return _key(argument)
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return key
        case ast.Attribute(attr=attribute):
            return attribute.replace("_", " ")
        case ast.ListComp(elt=element) | ast.SetComp(elt=element):
            return _name(element)
        case ast.Name(id=name) if name in TELLING:
            return name.replace("_", " ")
    return ""


def _key(argument: ast.expr) -> str:
    """The field or cursor that is asked for: ``"code"``, or where the cursor leads, as in ``FORWARD[order]``."""
    match argument:
        case ast.Constant(value=str(key)):
            return key
        case ast.Subscript(value=ast.Name(id="FORWARD" | "BACKWARD" as direction)):
            return direction.lower()
    return ""


TELLING = ("metadata", "status", "seconds_apart")
"""Variables that say what they hold."""
SAID = {"ids": ORGANIZATIONS, "page": ORGANIZATIONS, "following": ORGANIZATIONS}
"""What is counted, where the code has another word for it."""


def _variable(expression: ast.expr) -> str:
    return expression.id.replace("_", " ") if isinstance(expression, ast.Name) else "items"
