"""Parses the XML inside documents: no entities, no network, bounded depth and size."""

from lxml import etree

from apps.submissions.files.limits import Unfit


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
        raise Unfit("entities" if b"<!ENTITY" in data[:4_096] else "damaged") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unfit("entities")
    return root


def written(root: etree._Element) -> bytes:
    """Return an XML part as bytes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
