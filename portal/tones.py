"""The colours that a tag can have: each readable in light and in dark, none of them a meaning."""

PALETTE = {
    "tint-1": "Apricot",
    "tint-2": "Coral",
    "tint-3": "Rose",
    "tint-4": "Plum",
    "tint-5": "Sky",
    "tint-6": "Lagoon",
    "tint-7": "Mint",
    "tint-8": "Olive",
}
