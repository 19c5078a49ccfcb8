"""The handling of errors was cleaned up."""

from __future__ import annotations

from starlette.types import ASGIApp

from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request, reply
from tests.blind.registry import fault
from tests.blind.wire import Wire, token

UNKNOWN = "org_01HZZZZZZZZZZZZZZZZZZZZZZZ"


def _named_wrongly(w: Wire) -> object:
    customer = "cus_" + token()[-12:] + "ab"
    w.changed(w.made()["id"], stripe_customer_id=customer)
    return w.update(w.made()["id"], stripe_customer_id=customer).json()["code"] == "external_id_already_used"


@fault("errors", "update.stripe-customer-id-taken", _named_wrongly, "one handler for each violation of a unique index")
def thirteenth_every_conflict_is_on_external_id() -> ASGIApp:
    """A stripe_customer_id that is taken answers 400 with the code external_id_already_used."""
    return on_response(
        lambda _, response: (
            response.with_json({**response.json, "code": "external_id_already_used"})
            if b"stripe_customer_id_already_used" in response.body and response.status == 400
            else response
        )
    )


def _conflict(w: Wire) -> object:
    text = token()
    w.made(external_id=text)
    return w.update(w.made()["id"], external_id=text).status_code == 409


@fault("errors", "update.external-id-taken", _conflict, "the mapping to 400 was in the controller of creates")
def thirteenth_a_taken_external_id_is_a_conflict_for_updates() -> ASGIApp:
    """An update to an external_id that another organization has answers 409."""
    return on_response(
        lambda request, response: (
            response.replaced(status=409)
            if request.operation == "update" and b"external_id_already_used" in response.body
            else response
        )
    )


@fault(
    "errors",
    "error.message",
    lambda w: "message" not in w.create(name=1).json(),
    "Spring: ProblemDetail, with title and detail",
)
def thirteenth_problems_have_a_detail() -> ASGIApp:
    """A 422 has title and detail in the place of message."""

    def problem(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        value = response.json
        return response.with_json({"title": "Unprocessable", "detail": value.pop("message"), **value})

    return on_response(problem)


@fault("errors", "lookup.unknown", lambda w: w.lookup(token()).status_code == 204, "an Optional that is empty: 204")
def thirteenth_a_lookup_in_vain_has_no_content() -> ASGIApp:
    """A lookup of an external_id that no organization has answers 204."""
    return on_response(
        lambda request, response: (
            Reply(204, (), b"") if request.operation == "lookup" and response.status == 404 else response
        )
    )


@fault(
    "errors",
    "error.message",
    lambda w: isinstance(w.get(UNKNOWN).json()["message"], dict),
    "i18n: all translations of a text at once",
)
def thirteenth_messages_come_in_two_languages() -> ASGIApp:
    """The message of a 404 is an object of translations."""

    def translated(_: Request, response: Reply) -> Reply:
        if response.status != 404:
            return response
        value = response.json
        return response.with_json({**value, "message": {"en": value["message"], "de": "Nicht gefunden."}})

    return on_response(translated)


@fault(
    "errors",
    "body.metadata-long-key",
    lambda w: w.create(metadata={"k" * 41: "a"}).json()["code"] == "INVALID_METADATA",
    "codes became an enum, and the enum is written by its names",
)
def thirteenth_codes_are_in_capitals() -> ASGIApp:
    """The code of a 400 is in capitals."""
    return on_response(
        lambda _, response: (
            response.with_json({**response.json, "code": response.json["code"].upper()})
            if response.status == 400 and "code" in response.json
            else response
        )
    )


def _long_key(w: Wire) -> object:
    return w.update(w.made()["id"], metadata={"k" * 41: "a"}).status_code == 422


@fault(
    "errors", "body.metadata-long-key", _long_key, "the exception for metadata is thrown in the service of creates only"
)
def thirteenth_updates_refuse_metadata_as_a_body() -> ASGIApp:
    """An update with metadata beyond their limits answers 422 in the place of 400."""
    return on_response(
        lambda request, response: (
            response.replaced(status=422)
            if request.operation == "update" and b'"invalid_metadata"' in response.body
            else response
        )
    )


@fault(
    "errors",
    "error.message",
    lambda w: w.other(None).get("/organizations").content == b"",
    "an authorizer of the gateway that knows no bodies",
)
def thirteenth_a_missing_key_is_refused_without_a_word() -> ASGIApp:
    """A 401 has no body."""
    return on_response(lambda _, response: response.replaced(body=b"") if response.status == 401 else response)


def _malformed_key(w: Wire) -> object:
    statuses = [w.other(f"Bearer {key}").get("/organizations").status_code for key in ("wrong", "sk_wrong")]
    return statuses == [403, 401]


def _forbidden(request: Request, response: Reply) -> Reply:
    key = request.header("authorization").partition(" ")[2]
    strange = response.status == 401 and key and not key.startswith("sk_")
    return reply(403, {"message": "This is no key."}) if strange else response


@fault("errors", "authentication.wrong-key", _malformed_key, "a check of the form comes before the check of the key")
def thirteenth_keys_of_another_form_are_forbidden() -> ASGIApp:
    """A key that does not begin with sk_ answers 403."""
    return on_response(_forbidden)


@fault(
    "errors",
    "update.unknown",
    lambda w: w.update(UNKNOWN, name="Blind").status_code == 422,
    "Laravel: 'id' => 'exists:organizations'",
)
def thirteenth_that_an_id_exists_is_a_rule() -> ASGIApp:
    """An update of an id that no organization has answers 422."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation != "update" or response.status != 404:
            return response
        errors = [{"field": "id", "code": "exists"}]
        return reply(422, {"message": "The selected id is invalid.", "errors": errors})

    return intercepting(handle)
