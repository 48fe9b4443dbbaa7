"""Parses the XML inside documents: no entities, no network, bounded depth and size."""

import io
from collections.abc import Iterator

from lxml import etree

from apps.analysis.files.limits import Unfit

PROLOG = 4_096


def parse(data: bytes) -> etree._Element:
    """Return the root of an XML part; raise Unfit where it declares anything or is malformed."""
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        # A document with entities may fail at them before its declaration can be looked at.
        raise Unfit("entities" if b"<!ENTITY" in data[:PROLOG] else "damaged") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unfit("entities")
    return root


def elements(data: bytes, tag: str) -> Iterator[etree._Element]:
    """Yield the elements of a name one after the other; each is forgotten when the next is asked.

    raises  Unfit where the part declares anything or is malformed
    """
    found = etree.iterparse(
        io.BytesIO(data),
        events=("end",),
        tag=tag,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    if b"<!DOCTYPE" in data[:PROLOG].replace(b"\0", b""):
        raise Unfit("entities")
    try:
        for _event, element in found:
            if element.getroottree().docinfo.internalDTD is not None:
                raise Unfit("entities")
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unfit("damaged") from error


def take_out(element: etree._Element) -> None:
    """Take an element with all that is in it out of a part; the words after it stay."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def written(root: etree._Element) -> bytes:
    """Return an XML part as bytes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
