"""The requests of GeoReport v2, below `/open311/v2`: what is asked, in which format, and what is answered.

Mistakes are answered as the standard says, in the language of `Accept-Language`.
"""

from collections.abc import Callable, Hashable
from functools import partial
from http import HTTPStatus
from importlib.metadata import version
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from connectors.doors.contract import Accept
from connectors.doors.open311.answers import (
    Ends,
    KeptAnswer,
    KeptAnswers,
    KeptWords,
    LedgerVersion,
    RequestAnswers,
    position_of,
)
from connectors.doors.open311.asking import Asked, KeptQuestions, check_once, updates_asked_for
from connectors.doors.open311.audience import (
    OWN,
    Audience,
    audience_of,
    check_is_program,
    check_may_report,
    check_sees_lists,
)
from connectors.doors.open311.description import BASE, description
from connectors.doors.open311.documents import TYPES, GeoReportDocument, errors
from connectors.doors.open311.options import Open311Options
from connectors.doors.open311.posting import SHAPE, by_their_names, named_id, own_key, submission_of
from connectors.doors.open311.rendered import RenderedRequests
from connectors.doors.open311.services import definition, services
from connectors.doors.open311.shown_request import received_request
from connectors.doors.open311.update_posting import update_of
from connectors.doors.open311.updates import document, updates
from connectors.intake.bodies.body import Body
from connectors.intake.bodies.request_body import read_form
from connectors.intake.context import SCOPE, Gateway
from connectors.intake.refusal import Refused, bad, refused
from connectors.intake.validation import SHOWN
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.service_requests import TooManyEventsError
from connectors.photos.files import PhotosAwayError
from schemas.asked_language import language_among, tags_of
from schemas.names import Language
from texts.catalogue import say

SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
MOST_KEY: Final = 200
FRESH_S: Final = 0.02
"""Nobody sees a case that soon after its event anyway, and each look costs a fifth of an answer."""
UPDATES: Final = "servicerequestupdates"
KINDS: Final = frozenset({"discovery", "services", "requests", "tokens", UPDATES})
ALONE: Final = frozenset({"discovery", UPDATES})
"""Kinds without ids."""
POSTED: Final = frozenset({"requests", UPDATES})


class Open311Hook:
    """A `Hook` of the HTTP door."""

    def __init__(
        self, name: str, options: Open311Options, gateway: Gateway, accept: Accept, since: str, fresh_s: float = FRESH_S
    ) -> None:  # fmt: skip
        """`fresh_s`: how long a look at whether something happened in the ledger is good for."""
        self._name, self._options, self._gateway, self._accept, self._since = name, options, gateway, accept, since
        self._kept, self._kept_services, self._questions = KeptAnswers(), KeptAnswers(), KeptQuestions()
        self._version = LedgerVersion(gateway, fresh_s)
        self._words, self._rendered = KeptWords(gateway), RenderedRequests()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request; also what is not of this standard is answered as it says."""
        path = request.path.removeprefix(f"/doors/{self._name}").removeprefix(BASE).strip("/")
        if (request.method, path) == ("GET", "openapi.json"):
            return web.json_response(description(version("grid36")))
        what, _, ending = path.rpartition(".")
        language = language_among(tags_of(request.headers.get("Accept-Language", "")), self._gateway.language)
        if ending not in TYPES:
            return _wrong(_without_ending(path, what), _accepted(request), language)
        try:
            return await self._answer(request, what, ending, language)
        except Refused as refusal:
            return _wrong(refusal, ending, language)
        except TooManyEventsError:
            return _wrong(bad("too_much_happened", "updated_after"), ending, language)
        except PhotosAwayError:
            return _wrong(refused(HTTPStatus.SERVICE_UNAVAILABLE, "photos_away"), ending, language)

    async def _answer(self, request: web.Request, what: str, ending: str, language: Language) -> web.Response:
        check_once(request.query)
        if request.method == "POST" and what in POSTED:
            return await self._post(request, what, ending, language)
        self._check_jurisdiction(request.query.get("jurisdiction_id", ""))
        kind, _, id = what.partition("/")
        if kind not in KINDS or (kind in ALONE and id) or (kind == "tokens" and not id):
            raise refused(HTTPStatus.NOT_FOUND, "unknown_page")
        if request.method not in {"GET", "HEAD"}:
            known = "GET, POST" if what in POSTED else "GET"
            raise refused(HTTPStatus.METHOD_NOT_ALLOWED, "wrong_method", given=request.method[:20], known=known)
        match kind:
            case "discovery":
                return _found(request, self._discovery(request), ending)
            case "services":
                return self._services(request, id, ending, language)
            case "tokens":
                return _found(request, await self._token(id), ending)
            case "servicerequestupdates":
                return await self._updates(request, ending, language)
        return await self._requests(request, id, ending, language)

    async def _requests(self, request: web.Request, id: str, ending: str, language: Language) -> web.Response:
        gateway, audience = self._gateway, audience_of(self._options, request.query.get("api_key", ""))
        question = self._questions.of(request.query_string, request.query, gateway.rulebook, gateway.clock())
        asked = question.asked
        answers = RequestAnswers(self._rendered, audience, self._words.of(language), ending)
        if id:
            return _sent(request, await self._one(id, asked, answers), ending)
        if not asked.ids:
            check_sees_lists(audience)
        key: Hashable = (asked, audience, language, ending, answers.words.edition)
        answer = await self._look(key, lambda ledger, epoch, ends: answers.listed(ledger, epoch, asked, ends))
        response = _sent(request, answer, ending)
        if answer.before:
            further = f"{question.further}{'&' if question.further else ''}{urlencode({'before': answer.before})}"
            response.headers["Link"] = f'<{request.rel_url.raw_path}?{further}>; rel="next"'
        return response

    async def _one(self, id: str, asked: Asked, answers: RequestAnswers) -> KeptAnswer:
        gateway = self._gateway
        found = await gateway.ask(lambda ledger: answers.one(ledger, id, asked))
        if found is not None:
            return found
        if id.startswith(OWN) and await gateway.outbox.knows(SCOPE, id):
            received = received_request(id, answers.words.language)
            document = GeoReportDocument("service_requests", "request", [received])
            return KeptAnswer(document.to_bytes(answers.ending))
        raise refused(HTTPStatus.NOT_FOUND, "unknown_request", "service_request_id", given=id[:SHOWN])

    async def _updates(self, request: web.Request, ending: str, language: Language) -> web.Response:
        gateway, audience = self._gateway, audience_of(self._options, request.query.get("api_key", ""))
        check_sees_lists(audience)
        asked, words = updates_asked_for(request.query, gateway.clock()), self._words.of(language)
        key: Hashable = (asked, language, ending, words.edition)
        return _sent(request, await self._look(key, lambda ledger, *_: updates(ledger, asked, words, ending)), ending)

    async def _look(self, key: Hashable, make: Callable[[Ledger, str, Ends], KeptAnswer]) -> KeptAnswer:
        """An answer of the ledger as it is now: kept, if nothing had been written since when it was last looked at."""
        version = await self._version.now()
        kept = None if version is None else self._kept.at_version(version, key)
        if kept is not None:
            return kept

        def look(ledger: Ledger) -> KeptAnswer:
            at = position_of(ledger)
            return self._kept.get(at, key, partial(make, ledger, at.epoch), version)

        return await self._gateway.ask(look)

    async def _token(self, id: str) -> GeoReportDocument:
        """Ids are given at once, so a token is the id itself."""
        if not (id.startswith(OWN) and await self._gateway.outbox.knows(SCOPE, id)):
            raise refused(HTTPStatus.NOT_FOUND, "unknown_request", "token", given=id[:SHOWN])
        return GeoReportDocument("service_requests", "request", [{"service_request_id": id, "token": id}])

    def _services(self, request: web.Request, code: str, ending: str, language: Language) -> web.Response:
        rulebook = self._gateway.rulebook

        def make(_: Ends) -> KeptAnswer:
            found = definition(code, rulebook, language) if code else services(rulebook, language)
            if found is None:
                raise refused(HTTPStatus.NOT_FOUND, "unknown_service", "service_code", given=code[:SHOWN])
            return KeptAnswer(found.to_bytes(ending))

        return _sent(request, self._kept_services.get((rulebook,), (code, ending, language), make), ending)

    def _discovery(self, request: web.Request) -> GeoReportDocument:
        options = self._options
        base = f"{self._gateway.public_url or request.url.origin()}{BASE}"
        endpoint = {
            "specification": SPECIFICATION, "url": base, "changeset": self._since,
            "type": "production", "formats": list(TYPES.values()),
        }  # fmt: skip
        key = say(self._gateway.language, "open311.key_needed" if options.keys else "open311.no_key_needed")
        about = {"changeset": self._since, "contact": options.contact, "key_service": key, "endpoints": [endpoint]}
        return GeoReportDocument("discovery", "", [about])

    async def _post(self, request: web.Request, what: str, ending: str, language: Language) -> web.Response:
        """Answered when it is on disk."""
        gateway = self._gateway
        gateway.check_live()
        body = await read_form(request, SHAPE, gateway.photos)
        audience = audience_of(self._options, body.fields.get("api_key") or request.query.get("api_key", ""))
        self._check_jurisdiction(body.fields.get("jurisdiction_id") or request.query.get("jurisdiction_id", ""))
        key = request.headers.get("Idempotency-Key", "")[:MOST_KEY]
        work = self._add if what == UPDATES else self._file
        try:
            answer = await work(body, key, audience, language)
        except Refused as refusal:
            raise by_their_names(refusal) from None
        return _sent(request, KeptAnswer(answer.to_bytes(ending)), ending, HTTPStatus.CREATED)

    async def _file(self, body: Body, key: str, audience: Audience, language: Language) -> GeoReportDocument:
        check_may_report(self._options, audience)
        id = await named_id(OWN, body, key or own_key(body.fields), audience, self._gateway)
        accepted = await self._accept(submission_of(body, language, self._gateway, id))
        answer = {"service_request_id": accepted.id, "service_notice": say(language, "open311.received")}
        return GeoReportDocument("service_requests", "request", [answer])

    async def _add(self, body: Body, key: str, audience: Audience, language: Language) -> GeoReportDocument:
        check_is_program(audience)
        accepted = await self._accept(await update_of(body, key, language, audience, self._gateway))
        return document([{"update_id": accepted.id}])

    def _check_jurisdiction(self, given: str) -> None:
        ours = self._options.jurisdiction or self._gateway.region.code
        if given and given != ours:
            raise refused(
                HTTPStatus.NOT_FOUND, "unknown_jurisdiction", "jurisdiction_id", given=given[:SHOWN], known=ours
            )


def _found(request: web.Request, document: GeoReportDocument, ending: str) -> web.Response:
    return _sent(request, KeptAnswer(document.to_bytes(ending)), ending)


def _sent(request: web.Request, answer: KeptAnswer, ending: str, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
    response = web.Response(status=status, headers=headers, content_type=TYPES[ending], charset="utf-8")
    if status is HTTPStatus.OK:
        response.etag = answer.tag
        if any(each.value in {answer.tag, "*"} for each in request.if_none_match or ()):
            response.set_status(HTTPStatus.NOT_MODIFIED)
            return response
    response.body = answer.body
    return response


def _accepted(request: web.Request) -> str:
    """The ending for who named none: of the two formats the one that is asked for, else XML, as the standard has it."""
    accept = request.headers.get("Accept", "").lower()
    return "json" if "json" in accept and "xml" not in accept else "xml"


def _without_ending(path: str, stem: str) -> Refused:
    """There is nothing at this address; where it is only the format that is missing or not known, which to name."""
    known = next((each for each in (stem, path) if each.partition("/")[0] in KINDS), None)
    if known is None:
        return refused(HTTPStatus.NOT_FOUND, "unknown_page")
    return refused(HTTPStatus.NOT_FOUND, "needs_ending", known=", ".join(f"{known[:SHOWN]}.{each}" for each in TYPES))


def _wrong(refusal: Refused, ending: str, language: Language) -> web.Response:
    said = [each.to_json(language)["message"] for each in refusal.faults]
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language"}
    if refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = str(refusal.faults[0].facts.get("seconds", 1))
    if refusal.status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = str(refusal.faults[0].facts["known"])
    body = errors(refusal.status, said).to_bytes(ending)
    return web.Response(body=body, status=refusal.status, headers=headers, content_type=TYPES[ending], charset="utf-8")
