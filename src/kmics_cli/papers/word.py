"""A page as a Word file, and the stamp read back from one.

pandoc writes the text; how it looks (A4, Arial, lines between rows), its language, its title, its footer and its stamp are
put into the file here, in place of what pandoc has by default. The same page gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Sequence
from html import escape, unescape
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from kmics_cli.papers.pandoc import converted, document, plain
from kmics_cli.views.blocks import Block

_PARTS = Path(__file__).parent / "parts"
_MOST = 100_000  # bytes of the properties of a Word file that are looked at
_STAMP = re.compile(r"<!-- (kmics:stamp [^<>]*?) -->")
_SECTION = re.compile(r"<w:sectPr\b.*?</w:sectPr>|<w:sectPr ?/>", re.DOTALL)
_PAGE = (  # A4 with margins of 2.25 cm, in twentieths of a point
    '<w:sectPr><w:footerReference w:type="default" r:id="kmicsFooter"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1276" w:right="1276" w:bottom="1276" w:left="1276" w:header="709" w:footer="624" w:gutter="0"/></w:sectPr>'
)


def word(blocks: Sequence[Block], title: str, stamp: str, made: str | None) -> bytes:
    """Return the blocks as a Word file.

    `title` is also a property of the file and stands at the foot of each page; `stamp` is a comment as Markdown has it, and
    `made` the day of the record (2026-11-21), which the file gives as its own. Raises `UserError` (3) without pandoc.
    """
    draft = stamp.endswith(" draft -->")
    with ZipFile(io.BytesIO(converted(document(blocks), "docx"))) as made_by_pandoc:
        parts = {name: made_by_pandoc.read(name) for name in made_by_pandoc.namelist()}
    for name in (
        "word/styles.xml",
        "word/settings.xml",
        "docProps/app.xml",
        "docProps/core.xml",
        "word/footer1.xml",
    ):
        parts[name] = (_PARTS / name.rpartition("/")[2]).read_bytes()
    title = escape(plain(title))
    found = _STAMP.fullmatch(stamp)
    times = "".join(
        f'<dcterms:{when} xsi:type="dcterms:W3CDTF">{made}T00:00:00Z</dcterms:{when}>'
        for when in ("created", "modified")
        if made
    )
    _put(
        parts,
        "docProps/core.xml",
        ("@title@", title),
        ("@stamp@", escape(found[1]) if found else ""),
        ("@times@", times),
    )
    _put(parts, "word/footer1.xml", ("@title@", f"DRAFT. {title}" if draft else title))
    _put(
        parts,
        "[Content_Types].xml",
        ("</Types>", f'<Override PartName="/word/footer1.xml" ContentType="{_FOOTER}"/></Types>'),
    )
    _put(
        parts,
        "word/_rels/document.xml.rels",
        (
            "</Relationships>",
            f'<Relationship Type="{_RELATED}/footer" Id="kmicsFooter" Target="footer1.xml"/></Relationships>',
        ),
    )
    text = parts["word/document.xml"].decode("utf-8")
    head, _, rest = text.rpartition("<w:sectPr")
    text = head + _SECTION.sub(lambda _found: _PAGE, f"<w:sectPr{rest}")
    # A row is not cut in two at the end of a page.
    text = text.replace("<w:tr><w:tc>", "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc>")
    text = text.replace("<w:tr><w:trPr><w:tblHeader", "<w:tr><w:trPr><w:cantSplit/><w:tblHeader")
    parts["word/document.xml"] = text.encode("utf-8")
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, ZIP_DEFLATED)
    return out.getvalue()


_FOOTER = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _put(parts: dict[str, bytes], name: str, *pairs: tuple[str, str]) -> None:
    text, new = parts[name].decode("utf-8"), dict(pairs)
    at_once = re.compile("|".join(map(re.escape, new)))  # what is put in is not looked through again
    parts[name] = at_once.sub(lambda found: new[found[0]], text).encode("utf-8")


_DESCRIPTION = re.compile(rb"<dc:description\b[^<>]*>([^<]*)</dc:description>")


def stamp_of(data: bytes) -> str:
    """Return the stamp in a Word file as the comment that Markdown has; nothing if there is none, or it is no Word file."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            about = archive.getinfo("docProps/core.xml")
            if about.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                return ""  # any other way of packing is unpacked whole, whatever is asked of it, and Word uses none
            with archive.open(about) as part:
                found = _DESCRIPTION.search(part.read(_MOST))
    except (BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, EOFError, ValueError, zlib.error):
        return ""  # what zipfile raises for a file that is damaged or locked
    return f"<!-- {unescape(found[1].decode('utf-8', 'replace'))} -->" if found else ""
