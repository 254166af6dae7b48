"""From an answer of the exchange, a value, to an answer over HTTP."""

from aiohttp import web

from daemon.exchange.json_answer import answer, refuse
from daemon.sim.exchange.front.venue_answer import Headers, VenueAnswer
from daemon.sim.exchange.refusal import Refusal


def respond(venue: VenueAnswer) -> web.Response:
    """Return the answer with its headers; a page is HTML, anything else JSON."""
    if venue.page:
        response = web.Response(text=venue.page, status=venue.status, content_type="text/html")
    else:
        response = answer(venue.body, venue.status)
    return with_headers(response, venue.headers)


def respond_refusal(refusal: Refusal) -> web.Response:
    """Return the venue's no."""
    return refuse(refusal.status, refusal.error)


def with_headers(response: web.Response, headers: Headers) -> web.Response:
    """Return the same response with headers added."""
    response.headers.extend(headers)
    return response
