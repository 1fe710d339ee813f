"""Phone numbers: as people write them, as they are kept, and whether a text can reach them."""

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

# In North America a number does not tell whether it is a mobile one.
CAN_TAKE_TEXTS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def kept(written: str, country: str) -> str | None:
    """The number in E.164, such as +12125550148; None where it is no number."""
    number = read(written, country)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else None


def takes_texts(kept: str) -> bool:
    number = read(kept, None)
    return number is not None and phonenumbers.number_type(number) in CAN_TAKE_TEXTS


def read(written: str, country: str | None) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def editable(kept: str, country: str) -> str:
    """As people there write it, and as `kept` reads it again: (212) 555-0148, from abroad +44 20 7946 0958."""
    number = read(kept, None)
    if number is None:
        return kept
    at_home = number.country_code == phonenumbers.country_code_for_region(country)
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def example(country: str) -> str:
    number = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL) if number else ""
