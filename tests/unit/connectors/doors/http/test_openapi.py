import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from connectors.doors.http.openapi import OPERATIONS, openapi
from tests.worlds.doors import doors


async def test_it_describes_the_routes_and_no_others(tmp_path: Path) -> None:
    async with doors(tmp_path) as gateway:
        routes = {
            (route.method.lower(), route.resource.canonical)
            for route in gateway.app.router.routes()
            if route.resource is not None and route.method not in ("HEAD", "*")
        }
        answer = await (await gateway.client.get("/api/openapi.json")).json()
    assert routes == {(each.method, each.path) for each in OPERATIONS}
    assert set(answer["paths"]) == {each.path for each in OPERATIONS}


def test_every_reference_resolves() -> None:
    document = openapi("1.2.3")
    references = set(_references(document))
    assert len(references) > 30
    for reference in references:
        part: Any = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]


def test_a_form_brings_photos_and_json_names_them() -> None:
    contents = openapi("1")["paths"]["/api/reports"]["post"]["requestBody"]["content"]
    photos = {kind: content["schema"]["properties"].get("photos") for kind, content in contents.items()}
    assert photos["multipart/form-data"]["items"] == {"type": "string", "format": "binary"}
    assert photos["application/json"]["items"]["pattern"] == "^[0-9a-f]{64}$"
    assert photos["application/x-www-form-urlencoded"] is None


def test_what_is_in_the_path_is_not_in_the_body() -> None:
    body = openapi("1")["paths"]["/api/cases/{number}/acts"]["post"]["requestBody"]["content"]["application/json"]
    assert "case" not in body["schema"]["properties"]
    assert body["schema"]["required"] == ["act", "by"]


def test_a_time_is_a_number_in_json_only() -> None:
    paths = openapi("1")["paths"]
    content = paths["/api/covers"]["post"]["requestBody"]["content"]
    assert "integer" in json.dumps(content["application/json"]["schema"]["properties"]["until"])
    assert "integer" not in json.dumps(content["multipart/form-data"]["schema"]["properties"]["until"])
    since = next(each for each in paths["/api/cases"]["get"]["parameters"] if each["name"] == "from")
    assert "integer" not in json.dumps(since)


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(reference := part.get("$ref"), str):
            yield reference
        part = list(part.values())
    for each in part if isinstance(part, list) else ():
        yield from _references(each)
