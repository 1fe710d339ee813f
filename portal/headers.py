"""What every response tells the browser: what it may load, keep and show."""

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "report-uri /csp-report",
    )
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TWO_YEARS = "max-age=63072000; includeSubDomains"


def init_app(app: Flask) -> None:
    app.after_request(protect)


def protect(response: Response) -> Response:
    """What a view has said itself stays: a stricter policy, a time to keep."""
    headers = response.headers
    said = {name.lower() for name, _ in headers}
    headers.extend([(name, value) for name, value in SECURITY_HEADERS.items() if name.lower() not in said])
    if request.is_secure:
        headers.add("Strict-Transport-Security", TWO_YEARS)
    # "no-cache" is what send_file says by itself: the browser may keep the file. Private files are not kept.
    if headers.get("Cache-Control", "no-cache") == "no-cache":
        headers["Cache-Control"] = "no-store"
        response.vary.update(("Cookie", "HX-Request"))
    return response
