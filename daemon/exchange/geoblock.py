"""Says where the caller is and whether it may trade from there: by default, from a place that may."""

from dataclasses import dataclass

from aiohttp import web

from daemon.exchange.json_answer import answer

GEOBLOCK_PATH = "/api/geoblock"


@dataclass(slots=True, kw_only=True)
class Geoblock:
    """The handler; its answer may be changed at any time."""

    is_blocked: bool = False
    country: str = "IE"
    region: str = "L"

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        return [web.get(GEOBLOCK_PATH, self._tell)]

    async def _tell(self, request: web.Request) -> web.Response:
        return answer(
            {
                "blocked": self.is_blocked,
                "ip": request.remote or "",
                "country": self.country,
                "region": self.region,
            }
        )
