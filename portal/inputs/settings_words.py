"""What the forms of the settings call their fields and choices: the history of the settings says the same."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from portal.inputs import Input
from portal.inputs.attributes import NewAttributeInput
from portal.inputs.business import BusinessInput, LocationInput, PortalInput, SelfBookingInput
from portal.inputs.catalogue import CancelRuleInput, NewVaccineKindInput, VaccineDaysInput
from portal.inputs.documents import DocumentName
from portal.inputs.message_templates import MessageTemplateInput
from portal.inputs.offers import AddOnInput, MembershipInput, ProviderInput
from portal.inputs.services import ServiceInput
from portal.inputs.staff import Account, Invite
from portal.inputs.tags import NewTagInput

FORMS: dict[str, tuple[type[Input], ...]] = {
    "business": (BusinessInput, PortalInput, SelfBookingInput, VaccineDaysInput),
    "location": (LocationInput,),
    "member": (Account, Invite),
    "invitation": (Invite,),
    "service": (ServiceInput, CancelRuleInput),
    "offering": (LocationInput, ServiceInput),
    "service_animal": (ServiceInput,),
    "service_vaccine": (ServiceInput,),
    "service_add_on": (ServiceInput,),
    "add_on": (AddOnInput,),
    "provider": (ProviderInput,),
    "service_provider": (ProviderInput,),
    "membership": (MembershipInput,),
    "membership_service": (MembershipInput,),
    "vaccine_kind": (NewVaccineKindInput,),
    "tag": (NewTagInput,),
    "attribute": (NewAttributeInput,),
    "message_template": (MessageTemplateInput,),
    "stored_document": (DocumentName,),
}
# Fields whose name is not that of the column.
ASKED_AS = {
    ("business", "logo_id"): "logo",
    ("business", "offer_minutes"): "offer",
    ("service", "notice_minutes"): "notice",
    ("service", "ahead_days"): "ahead",
    ("offering", "location_id"): "locations",
    ("service_animal", "animal_id"): "animals",
    ("service_vaccine", "vaccine_kind_id"): "vaccine_kinds",
    ("service_add_on", "add_on_id"): "add_ons",
    ("service_provider", "service_id"): "services",
    ("membership_service", "service_id"): "services",
    ("tag", "of_pets"): "of",
    ("attribute", "of_pets"): "of",
}
# What has a part of a page for itself goes by its heading.
HEADINGS = {
    "opening_hours": "Opening hours",
    "closure": "Closures",
    "working_hours": "Working hours",
    "time_off": "Time off",
}


@cache
def called(table: str, column: str) -> tuple[str, Mapping[str, str]]:
    """What a column is called, and what each of its choices is; both as short as they make sense."""
    asked_as = ASKED_AS.get((table, column), column)
    for form in FORMS.get(table, ()):
        if field := getattr(form, asked_as, None):
            return short(field.args[0]), choices(field.kwargs.get("choices") or {})
    return HEADINGS.get(table, ""), {}


def choices(offered: Any) -> dict[str, str]:
    pairs = offered.items() if isinstance(offered, dict) else [(choice.value, choice.label) for choice in offered]
    return {value: short(label) for value, label in pairs}


def short(words: str) -> str:
    """Without what explains it: “Members: only clients with …”."""
    return words.partition(": ")[0]
