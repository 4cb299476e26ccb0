"""Shows pages to a browser: those of the walk as they were sent, or a living application."""

from collections.abc import Callable, Iterable
from threading import Thread
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from waitress.server import create_server

from tests.face.crawl import Crawl, Visit

NOT_SENT_AGAIN = ("content-length", "content-encoding", "set-cookie", "transfer-encoding", "connection")
PHONE, DESK, NARROW = (
    {"width": 360, "height": 740},
    {"width": 1280, "height": 800},
    {"width": 320, "height": 640},
)


class Server:
    """A web server in a thread of this process."""

    def __init__(self, application: Any) -> None:
        self.server: Any = create_server(
            application, host="127.0.0.1", port=0, threads=4, ident=None, clear_untrusted_proxy_headers=False
        )
        self.address = f"http://127.0.0.1:{self.server.effective_port}"
        self.thread = Thread(target=self.server.run, daemon=True)

    def __enter__(self) -> "Server":
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.close()
        self.server.task_dispatcher.shutdown()
        self.thread.join(timeout=5)


class Showing:
    """A browser in front of the pages of the walk."""

    def __init__(self, address: str, chromium: Any) -> None:
        self.address, self.chromium = address, chromium

    @staticmethod
    def answer(app: Flask, crawl: Crawl) -> Callable[..., Iterable[bytes]]:
        """Return a web application that sends the pages again, with their headers, and the static files of
        the true one.
        """

        def respond(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            path = environ["PATH_INFO"]
            if path == "/axe.js":
                start_response(
                    "200 OK", [("Content-Type", "text/javascript"), ("Cache-Control", "max-age=3600")]
                )
                return [AXE_SCRIPT.encode()]
            if not path.startswith("/seen/"):
                return app.wsgi_app(environ, start_response)  # type: ignore[arg-type]
            visit = crawl.visits[int(path.rpartition("/")[2])]
            body = visit.body.encode()
            headers = [(name, value) for name, value in visit.headers if name.lower() not in NOT_SENT_AGAIN]
            start_response("200 seen", [*headers, ("Content-Length", str(len(body)))])
            return [body]

        return respond

    def new_page(self, size: dict[str, int]) -> Any:
        """Return a page of a browser of its own."""
        page = self.chromium.new_context(viewport=size, locale="id-ID").new_page()
        page.set_default_timeout(15_000)
        return page

    def where(self, crawl: Crawl, visit: Visit) -> str:
        """Return the address under which a page is shown."""
        return f"{self.address}/seen/{crawl.visits.index(visit)}"
