"""Items of CBOR in hexadecimal that are wrong, unusual, or more than a reader may take."""

from __future__ import annotations

from contract_kit.wire.message import Expectation

NOT_WELL_FORMED = {
    "truncated-number": "19 01",
    "truncated-float": "fb 3ff8",
    "truncated-string": "63 61",
    "long-string": "59 03e8 00",
    "unclosed-list": "9f 00",
    "unclosed-string": "7f 61 61",
    "short-list": "82 00",
    "bare-break": "ff",
    "break-in-list": "81 ff",
    "reserved-28": "1c",
    "reserved-29": "3d",
    "reserved-30": "5e",
    "indefinite-number": "1f",
    "indefinite-tag": "df 00",
    "simple-in-two-bytes": "f8 18",
    "reserved-simple": "fc",
    "chunk-of-bytes": "7f 41 61 ff",
    "chunk-of-chunks": "7f 7f 61 61 ff ff",
    "number-in-string": "5f 00 ff",
    "tag-without-item": "c1",
}
"""Values of an unknown member that make a body not well-formed, no matter who reads on."""

UNUSUAL = {
    "undefined": "f7",
    "half-float": "f9 3e00",
    "single-float": "fa 3fc00000",
    "indefinite-text": "7f 61 61 61 62 ff",
    "empty-indefinite-bytes": "5f ff",
    "indefinite-list": "9f 00 01 ff",
    "indefinite-map": "bf 61 61 00 ff",
    "time": "c1 1a 654f7d00",
}
"""Values of an unknown member that every server reads past."""

UNPROMISED = {
    "date-time": "c0 74 323032332d31312d31345432323a31333a32305a",
    "bignum": "c2 49 010000000000000000",
    "decimal": "c4 82 21 19 6ab3",
    "shared-cycle": "d8 1c 81 d8 1d 00",
    "regular-expression": "d8 23 63 28 2e 2a",
    "unknown-tag": "db ffffffffffffffff 00",
    "unassigned-simple": "f0",
    "not-a-number": "f9 7e00",
    "infinite": "f9 7c00",
    "largest-integer": "1b ffffffffffffffff",
    "least-integer": "3b ffffffffffffffff",
    "integer-key": "a1 01 00",
    "null-key": "a1 f6 00",
    "bytes-key": "a1 41 61 00",
    "list-key": "a1 80 00",
    "map-key": "a1 a0 00",
    "key-twice": "a2 61 61 00 61 61 00",
    "empty-name": "a1 60 00",
    "long-length": "7b 7fffffffffffffff",
    "long-list": "9b 7fffffffffffffff",
}
"""Values of an unknown member of which no source says whether they are taken."""

UNDECODABLE = {
    "lone-continuation": "61 80",
    "encoded-surrogate": "63 eda080",
    "latin-1": "61 e9",
    "overlong": "62 c0af",
}
"""Text strings that are not UTF-8."""

WRONG_ITEMS: dict[str, dict[str, tuple[str, Expectation]]] = {
    "string": {"as-bytes": ("43 616263", "reject"), "as-tagged-text": ("d8 20 63 613a62", "any")},
    "blob": {"as-text": ("64 61626364", "reject")},
    "integer": {
        "as-short-bignum": ("c2 41 05", "any"),
        "as-half-float": ("f9 4500", "any"),
        "in-eight-bytes": ("1b 0000000000000005", "any"),
        "as-decimal": ("c4 82 00 05", "any"),
    },
    "timestamp": {
        "untagged": ("1a 654f7d00", "any"),
        "as-tagged-text": ("c0 74 323032332d31312d31345432323a31333a32305a", "any"),
        "text-under-tag-1": ("c1 61 61", "reject"),
        "list-under-tag-1": ("c1 80", "reject"),
        "under-unknown-tag": ("d9 ffff 1a 654f7d00", "any"),
        "not-a-number": ("c1 f9 7e00", "any"),
        "infinite": ("c1 f9 7c00", "any"),
        "tagged-bignum": ("c1 c2 49 010000000000000000", "any"),
    },
    "boolean": {"as-simple": ("f0", "reject"), "undefined-value": ("e1", "reject")},
    "list": {"as-bytes": ("40", "reject")},
    "map": {"as-bytes": ("40", "reject")},
    "structure": {"empty-list": ("80", "reject")},
}
WRONG_ITEMS["long"] = WRONG_ITEMS["integer"]
WRONG_ITEMS["union"] = WRONG_ITEMS["structure"]
"""Items in place of a member, by its type: what no value can say, and what a server makes of it."""
