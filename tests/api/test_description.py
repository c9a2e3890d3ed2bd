"""Every operation against its own description, with values made up by schemathesis."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import schemathesis
from django.core.cache import cache
from django.http import HttpResponse
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from guildmark.organizations.models import Role
from tests.api.operations import OPERATIONS
from tests.api.programs import Program, described
from tests.support import factories
from tests.support.samples import Samples

EXAMPLES = 5
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_no_operation_breaks_or_answers_what_it_does_not_declare(name: str) -> None:
    method, path = name.split(" ", 1)
    one, samples = OPERATIONS[name], Samples()
    actor = factories.actor(samples.organization, *Role)
    assert actor.person is not None
    arguments = one.sample(samples, actor.person) if one.sample else {}
    program = Program(actor)
    schema: Any = schemathesis.openapi.from_dict(described())

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema[f"/api/v1{path}"][method].as_strategy())
    def walk(case: Any) -> None:
        # A guessed identifier stops at the door; what lies behind it needs a true one.
        case.path_parameters = {key: str(value) for key, value in arguments.items()}
        cache.clear()
        request = prepared(case, program)
        response = answer(program, request)
        assert response.status_code < 500, (name, case.body, response.content)
        case.validate_response(response, checks=CHECKS)

    walk()


def prepared(case: Any, program: Program) -> requests.PreparedRequest:
    """The case as bytes on the wire."""
    arguments = case.as_transport_kwargs(base_url="http://testserver")
    arguments.pop("cookies", None)
    arguments["headers"]["Authorization"] = f"Bearer {program.secret}"
    return requests.Request(**arguments).prepare()


def answer(program: Program, request: requests.PreparedRequest) -> Response:
    """Send the request through Django's test client, which stays on the test's connection."""
    program.client.raise_request_exception = False
    body = request.body or b""
    got: HttpResponse = program.client.generic(
        request.method or "GET",
        request.path_url,
        body,
        content_type=request.headers.get("Content-Type", ""),
        headers={"Authorization": request.headers["Authorization"]},
    )
    return Response(
        status_code=got.status_code,
        headers={key.lower(): [value] for key, value in got.headers.items()},
        content=got.content,
        request=request,
        elapsed=0.0,
        verify=False,
    )
