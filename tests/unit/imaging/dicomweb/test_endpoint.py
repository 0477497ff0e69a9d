"""Which addresses may be asked: the one that was meant, and no other."""

import pytest

from imaging.dicomweb.endpoint import EndpointError, checked_addresses, parse

PUBLIC = ["8.8.8.8"]


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://pacs.example.org/dicom-web", "pacs.example.org", 443, "/dicom-web"),
        ("https://pacs.example.org/dicom-web/", "pacs.example.org", 443, "/dicom-web"),
        ("https://PACS.example.org", "pacs.example.org", 443, ""),
        ("https://8.8.8.8:8443/a/b_c~d.e-f", "8.8.8.8", 8443, "/a/b_c~d.e-f"),
        ("https://[2001:4860:4860::8888]/x", "2001:4860:4860::8888", 443, "/x"),
        ("https://xn--krankenhuser-v5a.example/x", "xn--krankenhuser-v5a.example", 443, "/x"),
    ],
)
def test_an_ordinary_address_is_read(url, host, port, path):
    endpoint = parse(url, private=False)
    assert (endpoint.host, endpoint.port, endpoint.path) == (host, port, path)
    assert parse(str(endpoint), private=False) == endpoint


def test_without_tls_only_the_own_network_is_asked():
    with pytest.raises(EndpointError, match="https"):
        parse("http://pacs.example.org", private=False)
    assert parse("http://pacs.example.org", private=True).port == 80


MISLEADING = [
    "",
    "pacs.example.org",
    "//pacs.example.org",
    "file:///etc/passwd",
    "gopher://pacs.example.org",
    "ftp://pacs.example.org",
    "unix:///run/docker.sock",
    "https:///dicom-web",
    "https://:443/",
    "https://user:secret@pacs.example.org",
    "https://pacs.example.org@127.0.0.1/",
    "https://pacs.example.org:443@127.0.0.1/",
    "https://pacs.example.org\\@127.0.0.1/",
    "https://pacs.example.org#@127.0.0.1/",
    "https://pacs.example.org?@127.0.0.1/",
    "https://pacs.example.org/?x=1",
    "https://pacs.example.org/#x",
    "https://pacs.example.org/../admin",
    "https://pacs.example.org/./x",
    "https://pacs.example.org//x",
    "https://pacs.example.org/%2e%2e/x",
    "https://pacs.example.org/a b",
    "https://pacs.example.org/x\r\nHost: other",
    "https://pacs.example.org\x00.evil.example",
    "https://pacs.example.org:",
    "https://pacs.example.org:x",
    "https://pacs.example.org:0",
    "https://pacs.example.org:22",
    "https://pacs.example.org:25",
    "https://pacs.example.org:5432",
    "https://pacs.example.org:6379",
    "https://pacs.example.org:65536",
    "https://pacs.example.org:-1",
    "https://-pacs.example.org",
    "https://pacs..example.org",
    "https://pacs_example.org",
    "https://localhost.",
    "https://ⓛocalhost",
    "https://127。0。0。1",
    "https://2130706433",
    "https://0x7f000001",
    "https://017700000001",
    "https://127.1",
    "https://0177.0.0.1",
    "https://0x7f.0.0.1",
    "https://127.0.0.01",
    "https://127.0.0.1.",
    "https://[::1",
    "https://[fe80::1%25lo]",
    "https://[::ffff:127.0.0.1]x/",
    "https://[v1.x]",
    "https://" + "a" * 64 + ".example",
    "https://pacs.example.org/" + "a" * 600,
]


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("url", MISLEADING)
def test_what_can_be_read_in_two_ways_is_not_read_at_all(url, private):
    with pytest.raises(EndpointError) as refusal:
        parse(url, private=private)
    assert "secret" not in str(refusal.value)


NEVER = [
    "0.0.0.0",
    "0.0.0.1",
    "127.0.0.1",
    "127.8.8.8",
    "169.254.169.254",
    "169.254.1.1",
    "168.63.129.16",
    "100.100.100.200",
    "100.64.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fec0::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "fe80::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "not an address",
    "fe80::1%lo",
]
PRIVATE = ["10.0.0.1", "172.16.5.4", "192.168.1.1", "fd12:3456::1", "::ffff:10.0.0.1"]


def allowed(addresses, *, private, loopback=False):
    endpoint = parse("https://pacs.example.org", private=private)
    return checked_addresses(
        endpoint, private=private, loopback=loopback, resolver=lambda host, port: addresses
    )


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("address", NEVER)
def test_no_name_leads_where_no_archive_is(address, private):
    with pytest.raises(EndpointError):
        allowed([address], private=private)


@pytest.mark.parametrize("address", PRIVATE)
def test_the_own_network_is_asked_only_when_registered_so(address):
    assert len(allowed([address], private=True)) == 1
    with pytest.raises(EndpointError, match="private-network"):
        allowed([address], private=False)


@pytest.mark.parametrize("bad", ["127.0.0.1", "10.0.0.1", "169.254.169.254"])
def test_one_bad_address_among_good_ones_spoils_the_name(bad):
    with pytest.raises(EndpointError):
        allowed([*PUBLIC, bad], private=False)


def test_a_name_without_address_leads_nowhere():
    with pytest.raises(EndpointError):
        allowed([], private=False)


def test_this_machine_is_asked_only_in_a_demo_and_when_registered_so():
    assert allowed(["127.0.0.1", "::1"], private=True, loopback=True)
    with pytest.raises(EndpointError):
        allowed(["127.0.0.1"], private=False, loopback=True)
    with pytest.raises(EndpointError):
        allowed(["169.254.169.254"], private=True, loopback=True)
