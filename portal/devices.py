"""What a browser says it is, in words that its owner recognises."""

# The first that is found counts: most browsers also name those they want to be taken for.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "a Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)


def words(user_agent: str) -> str:
    """Safari on iPhone."""
    browser = next((word for mark, word in BROWSERS if mark in user_agent), "A browser")
    machine = next((word for mark, word in MACHINES if mark in user_agent), "")
    return f"{browser} on {machine}" if machine else browser
