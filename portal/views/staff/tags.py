"""Tags, in the settings: which there are, their colours and their order."""

from flask import url_for

from portal.answers import Answer, done, go, show
from portal.db import now
from portal.inputs.positions import upwards
from portal.inputs.tags import NewTagInput, TagInput
from portal.models import Tag
from portal.rules import tags
from portal.views.staff.room import me, room, the


@room.get("/settings/tags")
def list_tags() -> Answer:
    return show("staff/settings/tags", "staff/tag_rows", tags=tags.counted())


@room.get("/settings/tags/new")
def write_tag() -> Answer:
    return written(NewTagInput())


@room.post("/settings/tags")
def add_tag() -> Answer:
    form = NewTagInput()
    if not form.validate():
        return written(form, status=422)
    try:
        tag = tags.add(form.name.data or "", form.tone.data, of_pets=form.of.data == "pets")
    except tags.Taken as no:
        return taken(form, no)
    return go(url_for(".list_tags"), said=f"“{tag.name}” is added.")


@room.get("/settings/tags/<int:tag_id>")
def edit_tag(tag_id: int) -> Answer:
    tag = the(Tag, tag_id)
    return written(TagInput(obj=tag), tag)


@room.post("/settings/tags/<int:tag_id>")
def change_tag(tag_id: int) -> Answer:
    tag, form = the(Tag, tag_id), TagInput()
    if not form.validate():
        return written(form, tag, 422)
    try:
        tags.change(tag, name=form.name.data or "", tone=form.tone.data)
    except tags.Taken as no:
        return taken(form, no, the(Tag, tag_id))
    return go(url_for(".list_tags"), said="Saved.")


@room.post("/settings/tags/<int:tag_id>/place")
def move_tag(tag_id: int) -> Answer:
    tag, up = the(Tag, tag_id), upwards()
    tags.move(tag, up=up)
    then, rows = url_for(".list_tags"), tags.counted()
    return done("staff/tag_rows", then=then, said="Moved.", tags=rows, moved=tag.id, up=up)


@room.get("/settings/tags/<int:tag_id>/removal")
def ask_to_remove_tag(tag_id: int) -> Answer:
    tag = the(Tag, tag_id)
    return show("staff/settings/tag_removal", "staff/tag_removal", tag=tag, count=tags.carried(tag))


@room.post("/settings/tags/<int:tag_id>/removal")
def remove_tag(tag_id: int) -> Answer:
    tag = the(Tag, tag_id)
    tags.remove(tag, by=me().actor, at=now())
    return go(url_for(".list_tags"), said=f"“{tag.name}” is removed.")


def taken(form: TagInput, no: Exception, tag: Tag | None = None) -> Answer:
    form.name.errors = [str(no)]
    return written(form, tag, 422)


def written(form: TagInput, tag: Tag | None = None, status: int = 200) -> Answer:
    return show("staff/settings/tag", "staff/tag_form", status, form=form, tag=tag)
