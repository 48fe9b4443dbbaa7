"""Honest files of each kind, made with the libraries the project has."""

import io
import zipfile

import docx
import typst

from apps.jobs.executing import run_until_idle
from apps.jobs.models import Job

PDF_PAGE = "#set document(title: {title}, author: {author})\n"
SENTENCE = "Inspectors from two countries must confirm every shutdown of a training run."


def pdf(*pages, author="Jane Volunteer", title="Position paper"):
    """Return a PDF with one page per text."""
    texts = pages or (SENTENCE,)
    source = f'#set document(title: "{title}", author: "{author}")\n' + "\n#pagebreak()\n".join(
        texts
    )
    return typst.compile(source.encode())


def scan():
    """Return a PDF whose only page is a picture."""
    return typst.compile(b"#rect(width: 10cm, height: 10cm, fill: red)")


def word(*paragraphs, author="Jane Volunteer"):
    """Return a DOCX; a paragraph of None is a page break."""
    document = docx.Document()
    document.core_properties.author = author
    document.core_properties.last_modified_by = author
    for words in paragraphs or (SENTENCE,):
        if words is None:
            document.add_page_break()
        else:
            document.add_paragraph(words)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def changed(package, **members):
    """Return a package with members replaced or added, by name with "__" for "/"; None drops."""
    held = io.BytesIO()
    news = {name.replace("__", "/"): value for name, value in members.items()}
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(held, "w") as new:
        for member in old.infolist():
            value = news.pop(member.filename, old.read(member))
            if value is not None:
                new.writestr(member, value)
        for name, value in news.items():
            new.writestr(name, value, zipfile.ZIP_DEFLATED)
    return held.getvalue()


OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
ODT_CONTENT = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="{OFFICE}:office:1.0" xmlns:text="{OFFICE}:text:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"><office:body><office:text>
%s</office:text></office:body></office:document-content>"""
ODT_META = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-meta xmlns:office="{OFFICE}:office:1.0" xmlns:meta="{OFFICE}:meta:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"><office:meta>
<meta:initial-creator>%s</meta:initial-creator><dc:creator>%s</dc:creator>
</office:meta></office:document-meta>"""
ODT_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="{OFFICE}:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/"
 manifest:media-type="application/vnd.oasis.opendocument.text"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
%s</manifest:manifest>"""


def opendocument(*paragraphs, author="Jane Volunteer", extra="", manifest=""):
    """Return an ODT; a paragraph of None is a page break."""
    body = "".join(
        "<text:soft-page-break/>" if words is None else f"<text:p>{words}</text:p>"
        for words in paragraphs or (SENTENCE,)
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", ODT_CONTENT % (body + extra), zipfile.ZIP_DEFLATED)
        package.writestr("meta.xml", ODT_META % (author, author), zipfile.ZIP_DEFLATED)
        package.writestr("META-INF/manifest.xml", ODT_MANIFEST % manifest, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def do_all_jobs():
    """Do every job that waits, as a worker would."""
    for root in Job.objects.unfinished().values_list("root", flat=True).distinct():
        run_until_idle(root)
