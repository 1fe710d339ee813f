"""Settings written as an address. What is wrong is said without repeating any of it: there is a password inside."""

from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

ENCODE = "in the name and the password write / as %2F, ? as %3F, # as %23 and @ as %40"


def split(setting: str, url: str, schemes: tuple[str, ...], example: str) -> SplitResult:
    # Said outside "except": the parser's own message may hold the password and would go along into the log.
    try:
        parts = urlsplit(url)
        usable = parts.port != 0 and (parts.hostname or "").encode("idna").isascii()
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(f"{setting} has no usable host or port; it is {example}, and {ENCODE}.")
    if parts.scheme not in schemes or not parts.hostname:
        begin = " or ".join(f"{scheme}://" for scheme in schemes)
        raise ValueError(f"{setting} must begin with {begin} and name a host: {example}.")
    if parts.fragment or "@" in parts.query or parts.netloc.count("@") > 1:
        raise ValueError(f"{setting}: {ENCODE}.")
    return parts


def credentials(setting: str, parts: SplitResult) -> tuple[str, str]:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError(f"{setting}: a user name and a password go together.")
    if not (user + password).isascii():
        raise ValueError(f"{setting}: the name and the password may hold only ASCII characters.")
    return user, password


def options(setting: str, parts: SplitResult, known: tuple[str, ...]) -> dict[str, str]:
    found = dict(parse_qsl(parts.query, keep_blank_values=True))
    if not found.keys() <= set(known):
        raise ValueError(f"{setting} has an unknown option; the options are {' and '.join(known)}.")
    return found
