"""Where this machine keeps the certificate authorities that it trusts."""

import pytest

from keyrack.adapters.certificates import Authorities, authorities


@pytest.mark.parametrize(
    ("cert_file", "cert_dir", "found"),
    [
        ("/my.pem", None, Authorities("/my.pem", "")),
        (None, "/my", Authorities("", "/my")),
        ("/my.pem", "/my", Authorities("/my.pem", "/my")),
    ],
)
def test_what_the_user_names_replaces_the_systems(cert_file, cert_dir, found):
    assert found == authorities(cert_file, cert_dir)


def test_the_first_bundle_that_is_there_counts(tmp_path):
    second = tmp_path / "second.pem"
    second.touch()

    found = authorities(None, "", [str(tmp_path / "first.pem"), str(second)], [str(tmp_path)])

    assert Authorities(str(second)) == found


def test_a_folder_will_do_where_there_is_no_bundle(tmp_path):
    assert Authorities("", str(tmp_path)) == authorities("", None, [], ["/no/such/folder", str(tmp_path)])


def test_without_any_the_tls_library_knows_its_own():
    assert Authorities() == authorities(None, None, [], [])
