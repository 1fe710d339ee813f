"""What is known here already, read once for a whole list."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.db import db
from portal.models import Animal, Client, VaccineKind


@dataclass(frozen=True, slots=True)
class Known:
    """Clients by their e-mail and account number, kinds of animals by name, kinds of vaccines by animal and name."""

    today: date
    emails: dict[str, int]
    accounts: dict[str, int]
    animals: dict[str, int]
    animal_names: dict[int, str]
    vaccines: dict[tuple[int, str], int]

    @property
    def vaccine_names(self) -> list[str]:
        return list(dict.fromkeys(name for _, name in self.vaccines))


def known(today: date, *, clients: bool = True) -> Known:
    rows = db.session.execute(select(Client.id, Client.email, Client.account_number)).all() if clients else []
    kinds = select(VaccineKind.animal_id, VaccineKind.name, VaccineKind.id).where(VaccineKind.retired_at.is_(None))
    named = db.session.execute(kinds.order_by(VaccineKind.animal_id, VaccineKind.position, VaccineKind.id))
    animals = {
        animal.id: animal.name for animal in db.session.execute(select(Animal.id, Animal.name).order_by(Animal.id))
    }
    return Known(
        today=today,
        emails={email: id for id, email, _ in rows if email},
        accounts={account: id for id, _, account in rows},
        animals={name.casefold(): id for id, name in animals.items()},
        animal_names=animals,
        vaccines={(animal, name): id for animal, name, id in named},
    )
