import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from keyrack.errors import InvalidText
from keyrack.policy.settings import Surroundings, assemble_indexes, weigh
from keyrack.values.credentials import Basic, Held, Source, credentials_in
from keyrack.values.cutoff import UNLIMITED, Cutoff
from keyrack.values.index import IndexFormat, IndexStrategy
from keyrack.values.layer import IndexEntry, Layer, LayerKind, SourceEntry
from keyrack.values.names import index_name, package_name
from keyrack.values.proxy import Proxies, Proxy
from keyrack.values.requirement import Requirement
from keyrack.values.secret import Secret
from keyrack.values.settings import (
    KeyringProvider,
    LinkMode,
    Network,
    PrereleaseMode,
    ResolutionMode,
    Selection,
    SourcePin,
)
from keyrack.values.url import parse_url

YEAR = Cutoff("2024-01-01T00:00:00Z")


def entry(url, name=None, **words):
    return IndexEntry(parse_url(f"https://{url}"), name and index_name(name), **words)


PUBLIC = entry("public.example/simple")
SURROUNDINGS = Surroundings(PUBLIC, "/cache", Network())


def give(index):
    found = credentials_in(index.parsed)
    return Held(found, Source.INLINE) if found else None


def told(**words):
    return Layer(place="the command line", kind=LayerKind.TOLD, **words)


def file(place="uv.toml", **words):
    return Layer(place=place, **words)


def inputs(**words):
    return Layer(place="r.txt", kind=LayerKind.INPUT, **words)


def weighed(*layers):
    return weigh(layers, SURROUNDINGS, give)


def order(*layers):
    """The paths of the searched indexes, in order."""
    return [index.url.host.removesuffix(".example") for index in assemble_indexes(layers, PUBLIC, give).searched]


def test_without_a_word_the_public_index_is_asked():
    assert ["public"] == order()


def test_flags_come_before_files_and_files_before_requirements_files():
    layers = (
        inputs(extra_index_url=(entry("re.example"),), index_url=entry("ri.example")),
        file(index=(entry("p.example"),), extra_index_url=(entry("pe.example"),)),
        told(index=(entry("f.example"),), extra_index_url=(entry("fe.example"),)),
    )

    assert ["f", "fe", "p", "pe", "re", "ri"] == order(*layers)


def test_in_all_files_together_indexes_come_before_extra_ones():
    project = file(index=(entry("a.example"),), extra_index_url=(entry("b.example"),))
    user = file(index=(entry("c.example"),), extra_index_url=(entry("d.example"),))

    assert ["a", "c", "b", "d", "public"] == order(project, user)


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ((told(default_index=entry("d.example"), index_url=entry("i.example")),), "d"),
        ((told(index_url=entry("i.example")), file(index=(entry("m.example", default=True),))), "i"),
        ((file(index_url=entry("i.example"), index=(entry("m.example", default=True),)),), "m"),
        ((file(index_url=entry("i.example")), file(index=(entry("m.example", default=True),))), "m"),
        ((file(index_url=entry("i.example")), file(index_url=entry("j.example"))), "i"),
        ((file(index_url=entry("i.example")), inputs(index_url=entry("j.example"))), "i"),
        ((inputs(index_url=entry("j.example")),), "j"),
        ((told(index=(entry("m.example", default=True),)),), "m"),
    ],
)
def test_one_index_is_the_default_and_searched_last(layers, expected):
    assert [expected] == order(*layers)


def test_the_default_index_says_so():
    found = assemble_indexes([file(index_url=entry("i.example"), index=(entry("a.example"),))], PUBLIC, give)

    assert [False, True] == [index.default for index in found.searched]


def test_an_index_hides_those_of_the_same_name_below():
    layers = (
        told(index=(entry("f.example", "b"),)),
        file(index=(entry("a.example", "a"), entry("b.example", "b", default=True)), index_url=entry("i.example")),
        file(index=(entry("c.example", "a"),)),
    )

    assert ["f", "a", "i"] == order(*layers)


def test_a_named_default_index_hides_as_well():
    assert ["f"] == order(told(default_index=entry("f.example", "a")), file(index=(entry("a.example", "a"),)))


def test_one_name_may_not_be_given_twice_in_one_place():
    with pytest.raises(InvalidText) as caught:
        order(file(index=(entry("a.example", "a"), entry("b.example", "a"))))

    assert "The index name `a` is given twice in uv.toml" == caught.value.message


def test_of_several_default_indexes_the_first_is_the_one_with_a_warning():
    layer = file(index=(entry("a.example", "a", default=True), entry("b.example", default=True)))

    assert ["a"] == order(layer)
    assert ("Several indexes in uv.toml are marked `default = true`; only the first of them, `a`, is",) == weighed(
        layer
    ).warnings


def test_an_explicit_index_is_not_searched():
    found = assemble_indexes([file(index=(entry("a.example", "a", explicit=True),))], PUBLIC, give)

    assert (["https://public.example/simple"], ["a"]) == (
        [str(index.url) for index in found.searched],
        [index.name for index in found.explicit],
    )


def test_an_explicit_default_index_leaves_nothing_to_search():
    assert [] == order(file(index=(entry("a.example", "a", explicit=True, default=True),)))


def test_without_indexes_only_flat_and_explicit_ones_are_left():
    layer = told(
        no_index=True,
        index=(entry("a.example"), entry("b.example", "b", explicit=True)),
        find_links=(entry("f.example", format=IndexFormat.FLAT), entry("f.example", format=IndexFormat.FLAT)),
    )

    found = assemble_indexes([layer], PUBLIC, give)

    assert ([], ["b"], 1) == ([*found.searched], [index.name for index in found.explicit], len(found.flat))


def test_a_flag_may_bring_indexes_back():
    assert ["public"] == order(told(no_index=False), file(no_index=True))


def test_an_index_is_searched_once_however_its_url_is_written():
    assert ["a", "public"] == order(told(index=(entry("a.example/x"), entry("a.example/x/"))))


def test_an_index_that_the_settings_know_by_name_has_that_name():
    found = assemble_indexes(
        [told(index=(entry("a.example/x/"),)), file(index=(entry("b.example"), entry("a.example/x", "a")))],
        PUBLIC,
        give,
    )

    assert ["a", None, None] == [index.name for index in found.searched]


def test_an_index_with_its_own_credentials_is_not_taken_for_a_named_one():
    found = assemble_indexes(
        [told(index=(entry("u:p@a.example"),)), file(index=(entry("a.example", "a"),))], PUBLIC, give
    )

    assert [Held(Basic("u", Secret("p")), Source.INLINE), None] == [index.given for index in found.searched]
    assert ["a"] == [index.name for index in found.explicit]


def test_a_second_name_for_a_url_can_still_be_pinned_to():
    found = assemble_indexes([file(index=(entry("a.example", "a"), entry("a.example", "b")))], PUBLIC, give)

    assert (["a", None], "b") == ([index.name for index in found.searched], found.named("b").name)


@pytest.mark.parametrize("cutoff", [None, UNLIMITED, YEAR])
def test_an_index_may_have_a_cutoff_of_its_own(cutoff):
    found = assemble_indexes([file(index=(entry("a.example", exclude_newer=cutoff),))], PUBLIC, give)

    assert cutoff == found.searched[0].exclude_newer


def test_an_index_remembers_where_it_was_declared():
    found = assemble_indexes([told(index=(entry("a.example", place="the command line"),))], PUBLIC, give)

    assert "the command line" == found.searched[0].declared_in


urls = st.sampled_from([f"{letter}.example" for letter in "abcd"])
entries = st.builds(lambda url, default: entry(url, default=default), urls, st.booleans())
layers_of_indexes = st.builds(
    lambda kind, index, extra, url: Layer(place="x", kind=kind, index=index, extra_index_url=extra, index_url=url),
    st.sampled_from(LayerKind),
    st.lists(entries, max_size=3).map(tuple),
    st.lists(entries, max_size=3).map(tuple),
    st.none() | entries,
)


@given(st.lists(layers_of_indexes, max_size=4))
def test_whatever_is_configured_no_url_is_searched_twice_and_the_default_comes_last(layers):
    searched = assemble_indexes(layers, PUBLIC, give).searched

    assert len({index.url for index in searched}) == len(searched)
    assert all(not index.default for index in searched[:-1])


def test_the_first_word_counts_for_single_settings():
    settings = weighed(
        told(index_strategy=IndexStrategy.UNSAFE_BEST_MATCH, offline=False),
        file(index_strategy=IndexStrategy.UNSAFE_FIRST_MATCH, offline=True, link_mode=LinkMode.COPY, cache_dir="/c"),
    )

    assert (IndexStrategy.UNSAFE_BEST_MATCH, False, LinkMode.COPY, "/c") == (
        settings.resolving.strategy,
        settings.network.offline,
        settings.installing.link_mode,
        settings.cache.folder,
    )


def test_what_nobody_says_has_its_default():
    settings = weighed()

    assert (
        IndexStrategy.FIRST_INDEX,
        ResolutionMode.HIGHEST,
        PrereleaseMode.IF_NECESSARY,
        KeyringProvider.DISABLED,
        True,
        50,
        "/cache",
        None,
        300.0,
    ) == (
        settings.resolving.strategy,
        settings.resolving.resolution,
        settings.resolving.prerelease,
        settings.network.keyring,
        settings.resolving.verify_hashes,
        settings.network.concurrent_downloads,
        settings.cache.folder,
        settings.resolving.exclude_newer,
        settings.lock_timeout,
    )


def test_lists_are_joined_highest_first():
    settings = weighed(told(constraint_dependencies=("a",)), file(constraint_dependencies=("b",)))

    assert ("a", "b") == settings.constraints


def chosen(*texts):
    return Selection(names=frozenset(map(package_name, texts)))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), Selection()),
        ((":all:",), Selection(all=True)),
        (("A_b", "c,d, e"), chosen("a-b", "c", "d", "e")),
        ((":all:", "a", ":none:", "b"), chosen("b")),
        (("a", ":none:"), Selection()),
        (("a,,",), chosen("a")),
    ],
)
def test_package_lists_are_read_in_order_as_pip_does(words, expected):
    assert expected == weighed(told(no_binary=words)).resolving.no_binary


def test_a_package_may_be_upgraded_within_a_range():
    some = Requirement(package_name("six"), specifier=SpecifierSet("<2"))

    assert Selection(names=frozenset({package_name("six")})) == weighed(told(upgrade_package=(some,))).resolving.upgrade


def test_the_highest_word_about_a_package_counts():
    six, seven = package_name("six"), package_name("seven")
    settings = weighed(
        told(
            prerelease_package=((six, PrereleaseMode.ALLOW),),
            exclude_newer=UNLIMITED,
            exclude_newer_package=((six, UNLIMITED),),
        ),
        file(
            prerelease_package=((six, PrereleaseMode.DISALLOW), (seven, PrereleaseMode.EXPLICIT)),
            exclude_newer=YEAR,
            exclude_newer_package=((six, YEAR), (seven, YEAR)),
        ),
    )

    assert (
        ((six, PrereleaseMode.ALLOW), (seven, PrereleaseMode.EXPLICIT)),
        None,
        ((six, UNLIMITED), (seven, YEAR)),
    ) == (
        settings.resolving.prerelease_package,
        settings.resolving.exclude_newer,
        settings.resolving.exclude_newer_package,
    )


def test_pins_are_the_index_sources_that_are_not_switched_off():
    sources = (
        SourceEntry(package_name("six"), "index", index_name("a")),
        SourceEntry(package_name("seven"), "git"),
        SourceEntry(package_name("eight"), "index", index_name("b")),
    )

    found = weighed(told(no_sources_package=(package_name("eight"),)), file(sources=sources)).sources

    assert (SourcePin(package_name("six"), index_name("a")),) == found


def proxy(host):
    return Proxy(parse_url(f"http://{host}.example").url)


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (file(), Proxies(proxy("env"), proxy("envs"), proxy("all"), ("localhost",))),
        (file(http_proxy=proxy("own")), Proxies(proxy("own"), proxy("envs"), proxy("all"), ("localhost",))),
        (
            file(https_proxy=proxy("own"), no_proxy=("a.example",)),
            Proxies(proxy("env"), proxy("own"), proxy("all"), ("a.example",)),
        ),
    ],
)
def test_proxies_of_files_stand_before_those_of_the_environment(layer, expected):
    base = Network(proxies=Proxies(proxy("env"), proxy("envs"), proxy("all"), ("localhost",)))

    assert expected == weigh([layer], Surroundings(PUBLIC, "/cache", base), give).network.proxies


def test_what_is_said_of_the_network_comes_together():
    network = weighed(
        told(keyring_provider=KeyringProvider.SUBPROCESS, allow_insecure_host=("a",), concurrent_downloads=3),
        file(allow_insecure_host=("b:80",)),
    ).network

    assert (KeyringProvider.SUBPROCESS, {"a", "b:80"}, 3) == (
        network.keyring,
        network.allow_insecure_hosts,
        network.concurrent_downloads,
    )


def test_warnings_of_all_layers_are_kept():
    assert ("a", "b") == weighed(told(warnings=("a",)), file(warnings=("b",))).warnings


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"upgrade": True}, Selection(all=True)),
        ({"reinstall": True}, Selection(all=True)),
        (
            {"upgrade_package": (Requirement(package_name("a")),), "reinstall_package": (package_name("b"),)},
            Selection(names=frozenset({package_name("a"), package_name("b")})),
        ),
        ({}, Selection()),
    ],
)
def test_what_is_upgraded_or_reinstalled_is_asked_for_anew(words, expected):
    assert expected == weighed(told(**words)).cache.refresh


def test_the_end_of_a_test_is_told_to_the_resolver():
    surroundings = msgspec.structs.replace(SURROUNDINGS, available_until="2024-01-01T00:00:00Z")

    assert "2024-01-01T00:00:00Z" == weigh([], surroundings, give).resolving.available_until
