from keyrack.values.written import IN_SETTINGS, Written, WrittenKind


def test_files_come_before_projects_and_settings():
    kinds = [WrittenKind.SETTINGS, WrittenKind.GROUP, WrittenKind.PROJECT, WrittenKind.FILE]

    assert [WrittenKind.FILE, WrittenKind.PROJECT, WrittenKind.GROUP, WrittenKind.SETTINGS] == sorted(kinds)


def test_settings_have_no_path():
    assert Written(WrittenKind.SETTINGS) == IN_SETTINGS
