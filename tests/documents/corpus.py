"""Files made for the tests, honest and otherwise. Nothing is kept in the repository; no test lives here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO, Any

import pikepdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

#: In every piece of metadata of the corpus; no safe copy may hold it.
PLANTED = b"planted-behind-the-picture"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class Sent:
    """A file as a form hands it over."""

    filename: str | None
    content: bytes
    stream: IO[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.stream = io.BytesIO(self.content)


def jpeg(size: tuple[int, int] = (60, 40), *, colour: str = "teal") -> bytes:
    """A photograph with a place, a camera, a remark and a thumbnail-like comment."""
    picture = Image.new("RGB", size, colour)
    exif = picture.getexif()
    exif[0x010F] = PLANTED.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (33.0, 45.0, 0.0), 3: "W", 4: (84.0, 23.0, 0.0)})
    exif[0x0112] = 6  # stands on its side
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=PLANTED)
    return out.getvalue()


def png(mode: str = "RGBA") -> bytes:
    """A picture with texts in chunks of its own, one of them packed."""
    said = PngInfo()
    said.add_text("Author", PLANTED.decode())
    said.add_text("Comment", PLANTED.decode() * 40, zip=True)
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, "PNG", pnginfo=said)
    return out.getvalue()


def webp() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "navy").save(out, "WEBP", xmp=PLANTED)
    return out.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """A picture that is small and says that it is huge."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pdf(text: str = "They would not let her see an interpreter.", **saved: Any) -> bytes:
    """A page of text by somebody."""
    made = pikepdf.new()
    made.add_blank_page()
    page = made.pages[0]
    font = made.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = made.make_stream(f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode())
    made.docinfo["/Author"] = PLANTED.decode()
    out = io.BytesIO()
    made.save(out, **saved)
    return out.getvalue()


def pdf_that_acts() -> bytes:
    """A page that runs a script when opened, starts a programme on a click, and holds another file."""
    with pikepdf.open(io.BytesIO(pdf())) as made:
        name = pikepdf.Name
        script = pikepdf.Dictionary(S=name.JavaScript, JS=pikepdf.String("app.alert('acts')"))
        made.Root.OpenAction = script
        made.Root.Names = pikepdf.Dictionary(
            JavaScript=pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("a"), script]))
        )
        launch = pikepdf.Dictionary(
            Type=name.Annot,
            Subtype=name.Link,
            Rect=pikepdf.Array([0, 0, 600, 700]),
            A=pikepdf.Dictionary(S=name.Launch, F=pikepdf.String("cmd.exe")),
            AA=pikepdf.Dictionary(E=script),
        )
        made.pages[0].Annots = made.make_indirect(pikepdf.Array([made.make_indirect(launch)]))
        made.attachments["inside.txt"] = PLANTED
        photo = made.make_stream(jpeg(), Type=name.XObject, Subtype=name.Image, Filter=name.DCTDecode)
        photo.Width, photo.Height, photo.ColorSpace, photo.BitsPerComponent = 60, 40, name.DeviceRGB, 8
        made.pages[0].Resources.XObject = pikepdf.Dictionary(Im1=photo)
        made.pages[0].contents_add(b"q 60 0 0 40 72 600 cm /Im1 Do Q")
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()


def encrypted_pdf() -> bytes:
    return pdf(encryption=pikepdf.Encryption(owner="o", user="u"))


def docx(words: str = "He said it aloud.", *, extra: dict[str, bytes] | None = None) -> bytes:
    """A Word document with a deleted line and an author."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        f"<w:document {space}><w:body><w:p><w:r><w:t>{words}</w:t></w:r>"
        "<w:del><w:r><w:t>taken back</w:t></w:r></w:del></w:p>"
        "<w:p><w:r><w:t>Twice.</w:t></w:r></w:p></w:body></w:document>"
    )
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "word/document.xml": body.encode(),
        "docProps/core.xml": PLANTED,
        **(extra or {}),
    }
    return zipped(parts)


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def wav() -> bytes:
    return b"RIFF" + struct.pack("<I", 44) + b"WAVEfmt " + b"\0" * 36


def film(brand: bytes = b"isom") -> bytes:
    return struct.pack(">I", 24) + b"ftyp" + brand + b"\0\0\2\0" + brand + b"\0" * 64
