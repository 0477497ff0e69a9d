from xml.etree import ElementTree

from registry.presenters import flow_diagram, typesetting


def test_a_drawing_is_xml_whatever_stands_in_its_words():
    box = {"key": "all", "label": "Patients \x01\x0b\ufffe & <b>", "n": 3, "parent": None}
    svg = flow_diagram.draw([box], unit="patients", font_family=typesetting.TYPEFACE)
    ElementTree.fromstring(typesetting.drawing(svg))
