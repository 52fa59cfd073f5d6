"""The published stories, for everybody: the one room of the desk that asks for no sign-in."""

from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import RedirectResponse

from mailflow.desk.room import TheRoom
from mailflow.publishing import PAGE, Website, documents
from mailflow.store.published import published

router = APIRouter()

_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
    "xml": "application/atom+xml; charset=utf-8",
}
# Any website may show them in a frame or fetch them; there is no session here that it could misuse. Nothing is kept, so that
# what is taken down is gone with the next look.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-cache",
}


@router.get("/stories")
def to_the_page() -> Response:
    """The page's own links need the slash."""
    return RedirectResponse("/stories/", 308)


@router.get("/stories/")
def page(room: TheRoom) -> Response:
    """All that are published, on one page."""
    return _document(room, PAGE)


@router.get("/stories/{name}")
def document(room: TheRoom, name: str) -> Response:
    """Its style, and the feeds: feed.json, atom.xml."""
    return _document(room, name)


def _document(room: TheRoom, name: str) -> Response:
    with room.store.reading() as db:
        told = published(db)
    found = documents(told, Website.of(room.settings)).get(name)
    if found is None:
        raise HTTPException(404)
    return Response(found, media_type=_TYPES[name.rpartition(".")[2]], headers=_HEADERS)
