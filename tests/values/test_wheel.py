from keyrack.values.names import package_name
from keyrack.values.wheel import Manifest, Member, RecordRow, WheelFacts

MANIFEST = Manifest(package_name("lib-a"), "1.0", "Lib_A-1.0", WheelFacts((1, 0), root_is_purelib=True), (), ())


def test_a_member_is_its_own_row_of_record():
    assert RecordRow("a/b.py", "sha256=x", 3) == Member("a/b.py", 3, "sha256=x", executable=True).row


def test_the_dist_info_folder_keeps_the_spelling_of_the_archive():
    assert "Lib_A-1.0.dist-info" == MANIFEST.dist_info


def test_the_data_folder_keeps_the_spelling_of_the_archive():
    assert "Lib_A-1.0.data" == MANIFEST.data
