"""Everything a browser complains about, written down."""

from playwright.sync_api import BrowserContext, Request

TELL_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', event => console.error(
    `CSP violation: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))
"""
# The last two are the browser itself, which reads a PDF in a page of its own.
OWN_SCHEMES = ("data:", "blob:", "chrome:", "chrome-extension:")
# Milliseconds until what is waited for must be seen: much, because machines are shared.
PATIENCE = 10_000


def listen(context: BrowserContext, address: str, heard: list[str]) -> None:
    context.set_default_timeout(PATIENCE)
    context.set_default_navigation_timeout(PATIENCE)
    context.add_init_script(TELL_VIOLATIONS)

    def failed(request: Request) -> None:
        # A page that is left in the middle of a request is no mistake.
        if "ERR_ABORTED" not in (request.failure or ""):
            heard.append(f"request failed: {request.url} {request.failure}")

    def foreign(request: Request) -> None:
        if not request.url.startswith((f"{address}/", *OWN_SCHEMES)):
            heard.append(f"request to somebody else: {request.url}")

    context.on("console", lambda m: heard.append(f"{m.type}: {m.text}") if m.type in ("error", "warning") else None)
    context.on("weberror", lambda error: heard.append(f"script error: {error.error}"))
    context.on("response", lambda r: heard.append(f"HTTP {r.status} {r.url}") if r.status >= 500 else None)
    context.on("requestfailed", failed)
    context.on("request", foreign)
