"""Pages, links and rules for tests of listings, with as few words as can be."""

from keyrack.policy.index.choose import FileRules
from keyrack.policy.index.listing import Listing
from keyrack.policy.index.tags import make_tags, platform_tags
from keyrack.values.artifact import Link, Page
from keyrack.values.index import IndexId
from keyrack.values.names import package_name
from keyrack.values.url import parse_url

TAGS = make_tags("cpython", (3, 12), platform_tags("manylinux_2_36_x86_64"))
LIB = package_name("lib")


def link(filename, **words):
    return Link(filename, f"../../files/{filename}", **words)


def page(*links, origin="a"):
    base = parse_url(f"https://{origin}.example/simple/lib/").url
    return Page(IndexId(origin), base, tuple(link(one) if isinstance(one, str) else one for one in links))


def rules(**words):
    return FileRules(TAGS, **words)


def listing(*links, name=LIB, **words):
    return Listing(name, [page(*links)], rules(**words))


def wheel(version, tags="py3-none-any", **words):
    return link(f"lib-{version}-{tags}.whl", **words)


def sdist(version, suffix=".tar.gz", **words):
    return link(f"lib-{version}{suffix}", **words)
