"""The tags of a client or a pet: put on from a list, taken off with one tap."""

from flask import url_for

from portal.answers import Answer, done, show
from portal.db import now
from portal.inputs import asked, number
from portal.inputs.tags import TagName, chosen
from portal.models import Client, Pet, Tag
from portal.rules import particulars, tagging
from portal.rules.refused import Refused
from portal.views.staff.room import me, room, the


@room.get("/customers/<int:client_id>/tags")
def choose_client_tag(client_id: int) -> Answer:
    return choosing(the(Client, client_id))


@room.get("/pets/<int:pet_id>/tags")
def choose_pet_tag(pet_id: int) -> Answer:
    return choosing(the(Pet, pet_id))


def choosing(of: Client | Pet) -> Answer:
    text = asked("q")[:40]
    free, makeable = tagging.to_choose(of, text), tagging.makeable(of, text)
    return show("staff/tag_choice", "staff/tag_dialog", of=of, base=base(of), text=text, tags=free, makeable=makeable)


@room.post("/customers/<int:client_id>/tags")
def tag_client(client_id: int) -> Answer:
    return tagged(the(Client, client_id))


@room.post("/pets/<int:pet_id>/tags")
def tag_pet(pet_id: int) -> Answer:
    return tagged(the(Pet, pet_id))


def tagged(of: Client | Pet) -> Answer:
    tag = the(Tag, chosen(), Tag.of_pets.is_(isinstance(of, Pet)))
    tagging.put_on(of, tag, by=me().actor, at=now())
    return shown(of, f"{of.name} has the tag “{tag.name}”.", base(of))


@room.post("/customers/<int:client_id>/tags/new")
def make_client_tag(client_id: int) -> Answer:
    return made(the(Client, client_id))


@room.post("/pets/<int:pet_id>/tags/new")
def make_pet_tag(pet_id: int) -> Answer:
    return made(the(Pet, pet_id))


def made(of: Client | Pet) -> Answer:
    form = TagName()
    if not form.validate():
        raise Refused(form.name.errors[0])
    tag = tagging.make(of, form.name.data or "", by=me().actor, at=now())
    return shown(of, f"{of.name} has the new tag “{tag.name}”.", base(of))


@room.post("/customers/<int:client_id>/tags/<int:tag_id>/removal")
def untag_client(client_id: int, tag_id: int) -> Answer:
    return untagged(the(Client, client_id), tag_id)


@room.post("/pets/<int:pet_id>/tags/<int:tag_id>/removal")
def untag_pet(pet_id: int, tag_id: int) -> Answer:
    return untagged(the(Pet, pet_id), tag_id)


def untagged(of: Client | Pet, tag_id: int) -> Answer:
    tag = the(Tag, tag_id)
    tagging.take_off(of, tag, by=me().actor, at=now())
    return shown(of, f"The tag “{tag.name}” is off.", f"{base(of)}?off={tag.id}", off=tag)


def shown(of: Client | Pet, said: str, then: str, off: Tag | None = None) -> Answer:
    return done("staff/own_tags", then=then, said=said, mine=particulars.of(of), base=base(of), off=off, tagged=not off)


def base(of: Client | Pet) -> str:
    """The page of somebody, under which all that is theirs has its address."""
    if isinstance(of, Pet):
        return url_for(".show_pet", pet_id=of.id)
    return url_for(".show_customer", client_id=of.id)


def just_off(model: type[Client | Pet], id: int) -> Tag | None:
    """What the address says was taken off, so that it can be put back without JavaScript too."""
    tag_id = number("off")
    return tagging.free(the(model, id), tag_id) if tag_id else None
