"""The report as JUnit XML, for CI servers: a test case per constraint."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from contract_kit.contract.shape import Json
from contract_kit.validate.violation import printable

NOT_PROVEN = ("masked", "untested", "not expressible")


def junit_text(documents: Iterable[Json]) -> str:
    """Report documents as JUnit XML, a suite per operation.

    A constraint with a finding is a failure, one that is masked, untested, not expressible or a
    known gap is
    skipped with its reason.
    """
    root = ElementTree.Element("testsuites")
    for document in documents:
        _suite(root, document)
    totals = {name: sum(int(suite.get(name, 0)) for suite in root) for name in _COUNTS}
    root.attrib.update({name: str(total) for name, total in totals.items()})
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


_COUNTS = ("tests", "failures", "errors", "skipped")


def _suite(root: ElementTree.Element, document: Json) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=document["operation"])
    properties = ElementTree.SubElement(suite, "properties")
    for name in ("target", "profile", "seed", "cases", "requests", "enforcedPercent"):
        value = printable(str(document[name]))
        ElementTree.SubElement(properties, "property", name=name, value=value)
    for entry in document["constraints"]:
        _case(suite, document, entry)
    if document["ended"]:
        case = _named(suite, document, "run")
        ElementTree.SubElement(case, "error", message=printable(document["ended"]))
    counts = {
        "tests": len(suite.findall("testcase")),
        "failures": len(suite.findall("testcase/failure")),
        "errors": len(suite.findall("testcase/error")),
        "skipped": len(suite.findall("testcase/skipped")),
    }
    suite.attrib.update({name: str(count) for name, count in counts.items()})


def _named(suite: ElementTree.Element, document: Json, name: str) -> ElementTree.Element:
    classname = document["operation"].replace(":", ".")
    return ElementTree.SubElement(suite, "testcase", classname=classname, name=name)


def _case(suite: ElementTree.Element, document: Json, entry: Json) -> None:
    case = _named(suite, document, entry["id"])
    found = [each for each in document["findings"] if each["constraint"] == entry["id"]]
    new = [each for each in found if not each["knownGap"]]
    if new:
        failure = ElementTree.SubElement(
            case, "failure", type=new[0]["verdict"], message=printable(new[0]["reason"])
        )
        failure.text = "\n\n".join(_explained(entry, each) for each in new)
    elif found:
        gaps = dict.fromkeys(f"{each['verdict']}: {each['knownGap']}" for each in found)
        message = printable(f"known gap, {'; '.join(gaps)}")
        ElementTree.SubElement(case, "skipped", message=message)
    elif entry["verdict"] in NOT_PROVEN:
        message = printable(f"{entry['verdict']}: {entry['detail']}")
        ElementTree.SubElement(case, "skipped", message=message)


def _explained(entry: Json, finding: Json) -> str:
    """A finding in lines, as the terminal shows it."""
    rows = (
        ("case", finding["case"]),
        ("why", finding["reason"]),
        ("documented", f"{entry['fact']} [{'; '.join(entry['origins'])}]"),
        ("repeat", finding["curl"]),
    )
    return "\n".join(f"{label:<10}  {printable(text)}" for label, text in rows if text)
