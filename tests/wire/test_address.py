"""The URL asked is the URL given, for messages, signatures and curl lines alike."""

from __future__ import annotations

import pytest

from contract_kit.wire.address import request_target, socket_path, url_of


@pytest.mark.parametrize(
    ("base", "path", "url"),
    [
        ("http://h", "/", "http://h/"),
        ("http://h/", "/", "http://h/"),
        ("http://h:1/aws", "/", "http://h:1/aws"),
        ("http://h/aws/", "/", "http://h/aws/"),
        ("http://h/aws", "/x/y", "http://h/aws/x/y"),
        ("http://h/aws/", "/x/", "http://h/aws/x/"),
        ("http://h/base/?api_key=Q", "/", "http://h/base/?api_key=Q"),
        ("http://h?api_key=Q", "/", "http://h/?api_key=Q"),
        ("http://h/base?api_key=Q", "/x?a=b", "http://h/base/x?api_key=Q&a=b"),
        ("http://h/base#part", "/", "http://h/base"),
        ("http+unix://%2Frun%2Fa.sock/base", "/", "http://localhost/base"),
        ("http+unix://%2Frun%2Fa.sock", "/", "http://localhost/"),
        ("http+unix:///run/a.sock", "/x", "http://localhost/x"),
    ],
)
def test_a_path_and_a_query_stay_as_they_are_given(base, path, url):
    """A message without a path of its own adds nothing, not even a slash."""
    assert url_of(base, path) == url


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://h", "/"),
        ("http://h/a/../b//c/./", "/a/../b//c/./"),
        ("http://h/a%2fb%20c?x=%2F&y", "/a%2fb%20c?x=%2F&y"),
        ("http://h/ü b", "/%C3%BC%20b"),
    ],
)
def test_nothing_is_taken_out_of_a_path(url, target):
    """Clients that tidy paths ask for another one than is meant."""
    assert request_target(url) == target


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("http://h/x", ""),
        ("http+unix://%2Frun%2Fa.sock/x", "/run/a.sock"),
        ("http+unix:///run/a.sock", "/run/a.sock"),
    ],
)
def test_a_unix_socket_stands_in_place_of_the_host(url, path):
    """Percent-encoded, as other clients have it; alone it may stand as it is."""
    assert socket_path(url) == path
