"""The kinds of attributes, in words."""

KINDS = {
    "text": "Text",
    "number": "Number",
    "choice": "One of several choices",
    "choices": "Several choices",
    "date": "Date",
    "yes or no": "Yes or no",
    "file": "File",
}
CHOSEN = {"choice", "choices"}
YES, NO = "Yes", "No"
