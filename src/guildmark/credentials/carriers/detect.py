"""One entry for every file that may carry a credential."""

from __future__ import annotations

from guildmark.credentials.carriers import png, svg
from guildmark.credentials.carriers.carried import BLANKS, Carried, Format, Kind, Standard, kind_of
from guildmark.credentials.errors import CarrierError
from guildmark.credentials.model.reading import MAX_BYTES

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_FORMATS = {Kind.JSON: Format.JSON, Kind.JWT: Format.JWT, Kind.SD_JWT: Format.SD_JWT}


def bake(
    file: bytes, credential: bytes | str, *, standard: Standard = Standard.OPEN_BADGES_3
) -> bytes:
    """The PNG, SVG or PDF with the credential in it: JSON or a compact JWS, into a PDF also an
    SD-JWT.

    `standard` is for pictures (Open Badges 3.0, section 5.3; 2.0 names other places); a PDF has
    one way. Raises CarrierError for a file that is none of these or cannot take the credential.
    """
    if file.startswith(png.SIGNATURE):
        return png.bake(file, credential, standard=standard)
    if file.startswith(b"%PDF-"):
        from guildmark.credentials.carriers import pdf

        return pdf.bake(file, credential)
    if not _is_markup(file):
        raise CarrierError("the file is neither a PNG nor an SVG nor a PDF")
    return svg.bake(file, credential, standard=standard)


def unbake(data: bytes) -> Carried:
    """The credential in a PNG, SVG or PDF, or the JSON, JWT or SD-JWT that the data are
    (Open Badges 3.0, section 5.3; 2.0, "Badge Baking").

    The content decides, never a file's name, and nothing of the credential is verified. Raises
    CarrierError where it is none of these, carries none, or goes beyond the bounds.
    """
    if data.startswith(png.SIGNATURE):
        return png.unbake(data)
    if data.startswith(b"%PDF-"):
        # Its library takes longer to load than all else here, and few files are PDFs.
        from guildmark.credentials.carriers import pdf

        return pdf.unbake(data)
    if _is_markup(data):
        return svg.unbake(data)
    if len(data) > MAX_BYTES:
        raise CarrierError(f"the file has {len(data)} bytes; at most {MAX_BYTES} of text are read")
    try:
        text = data.decode("utf-8-sig").strip(BLANKS)
    except UnicodeDecodeError:
        text = ""
    kind = kind_of(text)
    if kind is None or kind is Kind.URL:
        raise CarrierError(
            "the file is neither a credential (JSON, JWT, SD-JWT) nor a PNG, SVG or PDF with one"
        )
    return Carried(format=_FORMATS[kind], kind=kind, payload=text)


def _is_markup(data: bytes) -> bool:
    start = data[:1_000].removeprefix(b"\xef\xbb\xbf").lstrip(BLANKS.encode())
    return start.startswith(b"<") or data.startswith(_UTF_16)
