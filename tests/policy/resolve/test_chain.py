"""How a package came to be needed."""

from keyrack.policy.resolve.chain import inclusion_hint
from keyrack.policy.resolve.packages import ROOT, Package
from keyrack.policy.resolve.versions import ANY
from keyrack.policy.solver.ranges import Ranges
from keyrack.values.names import extra_name, package_name
from keyrack.values.points import point

A, B, C = (Package(package_name(name)) for name in "abc")
V1, V2 = point("1.0"), point("2.0")
START = (ROOT, point("0"))
LATER = Ranges.higher_than(V1)


def hint(edges):
    return inclusion_hint(C.name, edges)


def test_what_the_user_asked_for_needs_no_explanation():
    assert hint({START: {C: ANY}}) is None


def test_what_is_not_known_to_be_needed_has_no_explanation():
    assert hint({START: {A: ANY}, (A, V1): {}}) is None


def test_a_package_that_another_needs_is_explained():
    assert "`c` was included because `a` (v1.0) depends on `c`" == hint({START: {A: ANY}, (A, V1): {C: ANY}})


def test_a_longer_way_is_told_step_by_step_with_the_ranges():
    edges = {START: {A: LATER}, (A, V2): {B: LATER}, (B, V1): {C: LATER}}

    assert "`c` was included because `a` (v2.0) depends on `b>=1.0` (v1.0) which depends on `c>=1.0`" == hint(edges)


def test_the_shortest_way_is_told():
    edges = {START: {A: ANY, B: ANY}, (A, V1): {B: ANY}, (B, V1): {C: Ranges.singleton(V1)}}

    assert "`c` was included because `b` (v1.0) depends on `c`" == hint(edges)


def test_the_version_that_was_tried_last_counts():
    edges = {START: {A: ANY}, (A, V2): {C: ANY}, (A, V1): {C: ANY}}

    assert "`c` was included because `a` (v1.0) depends on `c`" == hint(edges)


def test_a_proxy_is_no_step_of_the_way():
    fast = extra_name("fast")
    proxy, extra = Package(A.name, fast, is_proxy=True), Package(A.name, fast)
    edges = {START: {proxy: ANY}, (proxy, V1): {A: ANY, extra: ANY}, (extra, V1): {C: ANY}}

    assert "`c` was included because `a[fast]` (v1.0) depends on `c`" == hint(edges)
