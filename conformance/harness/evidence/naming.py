"""What an expression of a scenario stands for, in words: ``call.json.get("code")`` is "code"."""

from __future__ import annotations

import ast

ORGANIZATIONS = "organizations on the page"
METADATA_VALUE = "metadata value"
IN_BOTH = "organizations in both"
PLAIN_CALLS = ("sorted", "list", "set", "frozenset", "tuple", "dict", "str")
"""Functions that give what they are given, as far as a reader is concerned."""


def names_in(expression: ast.expr) -> tuple[str, ...]:
    """The name of a value; of a tuple, the names of its items. Empty where there is none to give."""
    match expression:
        case ast.Tuple(elts=items):
            return tuple(map(_name, items))
        case ast.BinOp(op=ast.BitAnd(), left=one) if _name(one) == "ids":
            return (IN_BOTH,)
        case ast.Call(func=ast.Name(id=function)) if "_" in function:
            return (function.replace("_", " "),)
    return (_name(expression),)


def _name(expression: ast.expr) -> str:
    match expression:
        case ast.Call(func=ast.Name(id="len"), args=[counted, *_]):
            return f"number of {_counted(counted)}"
        case ast.Call(func=ast.Name(id=function), args=[argument, *_]) if function in PLAIN_CALLS:
            return _name(argument)
        case ast.Call(func=ast.Attribute(value=holder, attr="get" | "cursor"), args=[argument, *_]):
            return _key(argument) or (METADATA_VALUE if _name(holder) == "metadata" else "")
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


TELLING = ("metadata", "status", "seconds_apart", "missing")
"""Variables that say what they hold."""
SAID = {"ids": ORGANIZATIONS, "page": ORGANIZATIONS, "following": ORGANIZATIONS, "met": "organizations on all pages"}
"""What is counted, where the code has another word for it."""


def _counted(expression: ast.expr) -> str:
    """What there is a number of; in a set, each counts once."""
    match expression:
        case ast.Call(func=ast.Name(id="set"), args=[ast.Name() as inner]):
            return f"different {_counted(inner)}"
        case ast.Name(id=name):
            return SAID.get(name, name.replace("_", " "))
    name = _name(expression)
    return SAID.get(name, name) or "items"
