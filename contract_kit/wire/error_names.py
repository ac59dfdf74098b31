"""The class of an error by the words in its name, whichever service gives it.

`error_names.toml` lists names that the words would read wrongly, with their sources.
"""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path
from typing import Literal

ErrorClass = Literal[
    "validation",
    "serialization",
    "unknown-operation",
    "not-implemented",
    "retry",
    "fault",
    "state",
    "other",
]
"""validation: the request breaks a rule. serialization: it cannot be read. retry: the service is
busy. fault: the service failed. state: what there is, or who asks, decides, whatever the request.
"""

_DATA = Path(__file__).with_name("error_names.toml")
_ENDING = re.compile(r"(?<=\w)(?:Exception|Error|Fault)+$")

_BY_STATUS: dict[str, ErrorClass] = {
    "400": "validation",
    "403": "state",
    "404": "state",
    "405": "state",
    "409": "state",
    "412": "state",
    "429": "retry",
    "500": "fault",
    "503": "retry",
}
"""Where a reply has no body, clients take its status for the name."""

_WORDS: tuple[tuple[ErrorClass, str], ...] = (
    ("not-implemented", r"Not(?:Yet)?Implemented|^Unimplemented"),
    ("retry", r"Throttl|TooManyRequests?$|SlowDown|ServiceUnavailable|Busy$"),
    ("retry", r"TemporarilyUnavailable|(?:Request|Rate)Limit|RateExceeded|ThroughputExceeded"),
    ("fault", r"Internal(?:$|Service|Server|Failure|Error|Dependency|Stream)|Server$"),
    ("fault", r"^(?:Server|Service)(?:Internal|Failure|Failed|Error|Fault)"),
    ("validation", r"(?:Conflicting|Duplicate)Parameter|ParameterConflict|MutuallyExclusive"),
    # Names that begin with a verdict on the request, unless it is on what there is.
    ("state", r"(?:Invalid|Illegal|Incorrect|Unsupported)\w*Stat(?:e|us)(?:Transition)?$"),
    (
        "state",
        r"Invalid\w*State(?!ment|Machine)|StateInvalid|OutOf(?:Capacity|Sync)|VersionMismatch",
    ),
    ("state", r"(?:OptIn|Subscription|Authentication|M[Ff][Aa]|PasswordReset)\w*Required$"),
    ("validation", r"^(?:Invalid|Malformed|Missing|Bad|Incorrect|Illegal|Wrong|Empty)"),
    ("validation", r"^(?:Unsupported|UnknownParameter|Unprocessable|Validation|Unrecogni)"),
    ("state", r"^(?:Unknown|Inactive|Insufficient|Cannot|Unable|Stale|TooMany(?!Entries|Tag))"),
    ("validation", r"(?:Size|Length)(?:Limit)?Exceeded|^Maximum(?!Number|Open)\w*Exceeded"),
    ("validation", r"OutOf(?:Range|Bounds)"),
    # Existence.
    ("state", r"Not(?:Found|Present|Exists?|Existing)(?![a-z])|Non-?[Ee]xist"),
    ("state", r"Does(?:nt|Not)Exist|NoSuch|NoLonger|NoAvailable|StillContains|Contains"),
    ("state", r"Exists?(?![a-z])|Already|Conflict|InUse|InProgress|Ongoing|Associated"),
    ("state", r"Duplicated?(?!TagKey)|Quota|Limit(?:$|Exceeded|Reached)|Exceeded|Exhausted"),
    # The caller.
    ("state", r"Denied|Forbidden|Unauthori[sz]ed|NotAuthori[sz]ed|NoAuthori[sz]|Authori[sz]ation"),
    ("state", r"Authentication|Unauthenticated|NotPermitted|NotAllowed|Prohibit|Permission"),
    ("state", r"Expired|OptInRequired|Signature|NotManagement|NotEntitled|Blocked"),
    # In which state things are, or when.
    ("state", r"Pending|Lock(?:ed|$)|Disabled|Delet(?:ed|ing)|No[nt]Empty|Unavailable"),
    ("state", r"Not(?:Ready|(?:In)?Active|Enabled|Available|Running|Supported|Verified)"),
    ("state", r"Not(?:Registered|Connected|Configured|Subscribed|Associated|Managed)"),
    ("state", r"Not(?:Attached|Confirmed|Accessible|Linkable|In[Ff]light|SignedUp|Stabilized)"),
    ("state", r"^Auth(?!or)|TooSkewed|TokenRefresh|OptedOut|Redirect$|UpdateAvailable|Dependency"),
    ("state", r"Suspended|Deprecated|Retired|Offline|Unmodifiable|NotSatisfiable|DryRun"),
    ("state", r"Precondition|Conditional|Concurren|Optimistic|Idempoten|Outdated|Stopped"),
    ("state", r"TimedOut|Timeout|Aborted|Cancell?ed|Rejected|Running$|^Gone|Stat(?:e|us)$"),
    # A fault of the request, anywhere in the name.
    ("validation", r"Invalid|Malformed|Missing|Validation|Unsupported|BadRequest|Incorrect"),
    ("validation", r"Parameter|Argument|Required$|NotDistinct|DuplicateTagKey|Constraint"),
    ("validation", r"Too(?:Large|Long|Many|Small|Short|Big|Low|High)|Oversized"),
    ("validation", r"Syntax|Pars(?:e|ing)|Mismatch|OutOf|Unexpected(?:Content|Key)|Inconsistent"),
    ("validation", r"Client$|^User$|^Usage$|Violation$|(?:Reserved|Disallowed)Name"),
    ("validation", r"^(?:Incomplete|Unresolvable|Ambiguous)"),
    ("validation", r"(?:Exceeds|Above)Max|BelowMin|NotInEnum|NotWellFormed|^(?:User)?Input$"),
    ("validation", r"Unpars|Null(?!Pointer)|Not(?:Provided|Valid|Unique|Specified|Given)$|TooFew"),
    ("validation", r"And\w+Specified$|AreSame$|^Multiple\w+Provided$|^Same(?:Path|File)"),
    # Remaining words about something else than the request.
    ("state", r"^No(?=[A-Z])|Not(?=[A-Z])|Incompatible|Restrict"),
)
"""Words and their class; the first that a name contains decides."""


def class_of_name(name: str) -> ErrorClass:
    """The class of a name: by its last part, otherwise by the whole of it.

    Services put what they are about before a dot, or the kind of trouble after it.
    """
    last = name.rpartition(".")[2]
    if last != name and name in _exceptions():
        return _exceptions()[name]
    found = _class_of(last)
    return _class_of(name) if found == "other" and last != name else found


@functools.lru_cache(maxsize=4096)
def _class_of(name: str) -> ErrorClass:
    if name in _BY_STATUS:
        return _BY_STATUS[name]
    stem = _ENDING.sub("", name)
    known = _exceptions().get(stem)
    if known:
        return known
    return next((kind for kind, words in _WORDS if re.search(words, stem)), "other")


@functools.cache
def _exceptions() -> dict[str, ErrorClass]:
    entries = tomllib.loads(_DATA.read_text(encoding="utf-8"))["name"]
    return {name: entry["class"] for entry in entries for name in entry["names"]}
