"""Every answer that any test of the edge gets is held against the document."""

import re
from functools import cache
from typing import Any

import httpx
import jsonschema_rs

from enquiry_api import openapi
from enquiry_api.app import Application


class Document:
    """The document of one application, ready to judge."""

    def __init__(self, app: Application) -> None:
        made = openapi.document(app.edge.installed, app.endpoints)
        self.components = made["components"]
        self.paths = [(_pattern(path), verbs) for path, verbs in made["paths"].items()]
        self.validator = cache(self._validator)

    def _validator(self, ref: str) -> Any:
        return jsonschema_rs.Draft202012Validator({"$ref": ref, "components": self.components})

    def judge(self, answer: httpx.Response) -> None:
        """Fail unless the status, the media type and the body are as described."""
        verb, path = answer.request.method.lower(), answer.request.url.path
        found = [
            verbs[verb]
            for pattern, verbs in self.paths
            if pattern.fullmatch(path) and verb in verbs
        ]
        if not found:
            return
        described = found[-1]["responses"].get(str(answer.status_code))
        assert described is not None, f"{verb} {path} answered {answer.status_code}: {answer.text}"
        media = answer.headers.get("Content-Type", "").partition(";")[0]
        content = described.get("content", {})
        if answer.content:
            assert media in content, f"{verb} {path} answered {media}"
            self._judge_body(content[media].get("schema", {}), answer)
        for name in described.get("headers", {}):
            assert name in answer.headers or name == "Link", f"{verb} {path} lacks {name}"

    def _judge_body(self, schema: dict[str, Any], answer: httpx.Response) -> None:
        if "$ref" in schema:
            self.validator(schema["$ref"]).validate(answer.json())


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path.replace(".", r"\.")))
