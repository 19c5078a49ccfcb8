"""The variable that an expression of a scenario is about: `clearing` in ``clearing.cleared()["external_id"]``."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any


def compared(expression: ast.expr, variables: Mapping[str, Any]) -> object:
    """The value of the variable, or of the item of it that is looked at; None where the expression begins otherwise.

    Nothing is called and no attribute is read, since either may send requests.
    """
    match expression:
        case ast.Name(id=name):
            return variables.get(name)
        case ast.Attribute(value=inner) | ast.Call(func=inner):
            return compared(inner, variables)
        case ast.Subscript(value=inner, slice=ast.Name() | ast.Constant() as index):
            return _item(compared(inner, variables), _plain(index, variables))
        case ast.Subscript(value=inner):
            return compared(inner, variables)
    return None


def _plain(index: ast.Name | ast.Constant, variables: Mapping[str, Any]) -> object:
    return variables.get(index.id) if isinstance(index, ast.Name) else index.value


def _item(container: object, index: Any) -> object:
    """The item of a dict, list or tuple; the container itself where it is of another kind, or has no such item."""
    try:
        return container[index] if isinstance(container, (dict, list, tuple)) else container
    except (LookupError, TypeError):
        return container
