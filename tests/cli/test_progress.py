import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.adapters.terminal import Terminal
from keyrack.cli.progress import Download, Live, download_line, resolving_line
from keyrack.values.artifact import File
from keyrack.values.log import Level
from keyrack.values.url import parse_url
from keyrack.values.volume import Volume

MIB = 1024 * 1024


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def file(name, size=None):
    filename = f"{name}-1.0-py3-none-any.whl"
    return File(filename, parse_url(f"https://pkgs.example/{filename}").url, None, size=size)


def live(screen, moments=None, volume=Volume.NORMAL):
    ticking = iter(moments or range(1000))
    return Live(Terminal(io.StringIO(), screen, volume=volume), lambda: float(next(ticking)))


def drawn(screen):
    return [piece for piece in screen.getvalue().split("\r\x1b[2K") if piece]


def test_the_line_tells_how_far_all_downloads_are():
    running = [Download("small", 10, 1024), Download("large", 3 * MIB, 4 * MIB)]

    assert "Preparing packages... (2/4) 4.0MiB/5.0MiB large, small" == download_line(running, 2, MIB)


def test_a_download_of_unknown_size_counts_as_what_has_come():
    assert "Preparing packages... (0/1) 2.0KiB/2.0KiB odd" == download_line([Download("odd", 2048)], 0, 0)


@given(st.lists(st.builds(Download, st.just("a"), st.integers(0, 10**9), st.none() | st.integers(0, 10**9))), st.data())
def test_no_line_tells_more_than_all(running, data):
    finished = data.draw(st.integers(0, 10**9))
    done, total = download_line(running, 1, finished).split(" ")[3].split("/")

    assert size(done) <= size(total)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Selecting: flask==3.0 [compatible] (flask-3.0-py3-none-any.whl)", "Resolving dependencies... flask==3.0"),
        ("Adding direct dependency: flask*", ""),
    ],
)
def test_the_log_tells_what_is_being_resolved(line, expected):
    assert expected == resolving_line(line)


def test_on_a_terminal_one_line_is_drawn_again_and_again():
    screen = Screen()
    shown = live(screen)
    shown.log(Level.DEBUG, "Selecting: lib==1.0 [compatible] (lib.whl)")
    shown.begin(file("lib", 2048))
    shown.advance(file("lib", 2048), 1024)
    shown.finish(file("lib", 2048))
    shown.clear()

    assert [
        "Resolving dependencies... lib==1.0",
        "Preparing packages... (0/1) 0B/2.0KiB lib",
        "Preparing packages... (0/1) 1.0KiB/2.0KiB lib",
        "Preparing packages... (1/1) 1.0KiB/1.0KiB",
    ] == drawn(screen)
    assert screen.getvalue().endswith("\r\x1b[2K")


def test_drawings_keep_a_distance():
    screen = Screen()
    shown = live(screen, [0.0, 0.01, 0.02, 0.2])
    shown.begin(file("lib", 100))
    for received in (10, 20, 30):
        shown.advance(file("lib", 100), received)

    assert 2 == len(drawn(screen))


def test_what_nobody_began_is_no_error():
    screen = Screen()
    shown = live(screen)

    shown.advance(file("lib"), 5)
    shown.finish(file("lib"))

    assert "Preparing packages... (1/1) 0B/0B" == drawn(screen)[-1]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (MIB, ""),
        (MIB + 1, "Downloading lib (1.0MiB)\n Downloaded lib\n"),
    ],
)
def test_elsewhere_large_downloads_have_two_lines(size, expected):
    stream = io.StringIO()
    shown = live(stream)
    shown.begin(file("lib", size))
    shown.advance(file("lib", size), size)
    shown.finish(file("lib", size))

    assert expected == stream.getvalue()


@pytest.mark.parametrize(("received", "expected"), [(MIB, ""), (MIB + 1, "Downloading lib\n Downloaded lib\n")])
def test_of_a_download_of_unknown_size_is_told_when_it_turns_out_to_be_large(received, expected):
    stream = io.StringIO()
    shown = live(stream)
    shown.begin(file("lib"))
    for one in (5, MIB, received, received):
        shown.advance(file("lib"), one)
    shown.finish(file("lib"))

    assert expected == stream.getvalue()


def test_a_download_that_breaks_off_was_not_downloaded():
    stream = io.StringIO()
    shown = live(stream)
    shown.begin(file("lib", 2 * MIB))
    shown.advance(file("lib", 2 * MIB), MIB)
    shown.finish(file("lib", 2 * MIB))

    assert "Downloading lib (2.0MiB)\n" == stream.getvalue()


def test_the_log_is_passed_on():
    stream = io.StringIO()

    live(stream, volume=Volume.VERBOSE).log(Level.DEBUG, "Selecting: a==1")

    assert "DEBUG Selecting: a==1\n" == stream.getvalue()


def size(text):
    units = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
    unit = text.lstrip("0123456789.")
    return float(text.removesuffix(unit)) * units[unit]


def test_builds_have_a_line_when_they_begin_and_one_when_they_end():
    stream = io.StringIO()
    shown = live(stream)
    shown.building("lib==1.0")
    shown.built("lib==1.0")

    assert "   Building lib==1.0\n      Built lib==1.0\n" == stream.getvalue()
