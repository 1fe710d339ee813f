"""What both rooms do alike about pets: their forms, and what decides about vaccines."""

from datetime import datetime
from typing import Any

from portal import wording
from portal.identity import business
from portal.inputs.pets import PetInput
from portal.inputs.vaccines import VaccinationInput
from portal.models import Gender
from portal.rules import pet_profiles
from portal.rules.vaccines import Vaccine


def as_of(at: datetime) -> dict[str, Any]:
    """What decides about vaccines: today where the business is, and how many days it warns ahead."""
    return {"today": wording.today_in(business().time_zone, at), "days": business().vaccine_days}


def pet_form(at: datetime, **more: Any) -> PetInput:
    return PetInput(animals=pet_profiles.animals(), today=as_of(at)["today"], **more)


def told(form: PetInput) -> dict[str, Any]:
    plain = {name: form[name].data for name in ("name", "birthday", "photo")}
    return {**plain, "breed": form.breed.data or "", "animal": form.animal, "gender": Gender(form.gender.data)}


def vaccination_form(vaccine: Vaccine, **more: object) -> VaccinationInput:
    return VaccinationInput(kind_id=vaccine.id, today=vaccine.today, **more)
