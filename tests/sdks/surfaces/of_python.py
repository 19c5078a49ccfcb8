"""Prints what the installed Python SDK declares, as JSON. Runs in the environment of the SDK."""

from __future__ import annotations

import dataclasses
import inspect
import json

import workos
from workos.organizations import Organizations
from workos.organizations.models import OrganizationDomainData


def parameters(function: object) -> dict[str, object]:
    """Name, default and annotation of each parameter."""
    return {
        parameter.name: {"default": repr(parameter.default), "annotation": str(parameter.annotation)}
        for parameter in inspect.signature(function).parameters.values()  # type: ignore[arg-type]
        if parameter.name != "self"
    }


def attributes(error: type) -> set[str]:
    """What is annotated in the class and in those above it."""
    return {name for cls in error.__mro__ for name in inspect.get_annotations(cls)}


print(
    json.dumps(
        {
            "methods": {
                name: parameters(method)
                for name, method in inspect.getmembers(Organizations, inspect.isfunction)
                if not name.startswith("_")
            },
            "request_options": sorted(workos.RequestOptions.__annotations__),
            "client": sorted(parameters(workos.WorkOSClient.__init__)),
            "domain_data": [field.name for field in dataclasses.fields(OrganizationDomainData)],
            "list_metadata": [field.name for field in dataclasses.fields(workos.ListMetadata)],
            "errors": sorted(attributes(workos.RateLimitExceededError)),
        }
    )
)
