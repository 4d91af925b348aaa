"""The flags that the commands for projects share, each once."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import BUILD, choice, separated, several, switch, text
from keyrack.cli.grammar import Flag, Group
from keyrack.policy.index.targets import TARGETS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keyrack.operations.configure import Words

GROUPS = (
    separated(several("--extra", "extra", "Include this extra", check="name"), ","),
    switch("--all-extras", "all-extras", "Include all extras"),
    switch("--no-all-extras", "all-extras", kind="no"),
    separated(several("--no-extra", "no-extra", "Leave out this extra, beside `--all-extras`", check="name"), ","),
    switch("--dev", "dev"),
    switch("--no-dev", "no-dev", "Leave out the group `dev`", "UV_NO_DEV"),
    switch("--only-dev", "only-dev", "Include the group `dev` and nothing else"),
    separated(several("--group", "group", "Include this dependency group", check="name"), ","),
    separated(several("--no-group", "no-group", "Leave out this dependency group", "UV_NO_GROUP", check="name"), ","),
    separated(several("--only-group", "only-group", "Include this group and nothing else", check="name"), ","),
    switch("--all-groups", "all-groups", "Include all dependency groups"),
    switch("--no-default-groups", "no-default-groups", "Include only groups that are named", "UV_NO_DEFAULT_GROUPS"),
)
LEAVING = (
    switch("--no-install-project", "no-install-project", "Leave out the project itself", "UV_NO_INSTALL_PROJECT"),
    switch("--no-install-workspace", "no-install-workspace", "Leave out all members", "UV_NO_INSTALL_WORKSPACE"),
    switch("--no-install-local", "no-install-local", "Leave out all that lies on this disk", "UV_NO_INSTALL_LOCAL"),
    several("--no-install-package", "no-install-package", "Leave out this package", check="name"),
)
EDITABLE = (
    switch("--no-editable", "no-editable", "Install trees as they are now", "UV_NO_EDITABLE"),
    switch("--editable", "no-editable", kind="no"),
    several("--no-editable-package", "ignored-no-editable-package", check="name"),
)
MODE = (
    switch("--locked", "locked", "Fail where the lock is not up to date", "UV_LOCKED"),
    switch("--frozen", "frozen", "Use the lock as it is", "UV_FROZEN"),
    switch("--no-frozen", "frozen", kind="no"),
)
ACTIVE = (
    switch("--active", "active", "Use the environment that is activated"),
    switch("--no-active", "active", kind="no"),
)
PACKAGES = (
    switch("--all-packages --all", "all-packages", "Act on all members of the workspace"),
    several("--package", "package", "Act on this member of the workspace", check="name"),
)
PLATFORM = (choice("--python-platform", "python-platform", " ".join(TARGETS), "Choose files for another platform"),)
FILES = (
    switch("--no-build", "no-build", "Use wheels only", "UV_NO_BUILD"),
    switch("--build", "no-build", kind="no"),
    several("--no-build-package", "no-build-package", "Use only wheels of this package", check="name"),
    switch("--no-binary", "no-binary", "Use no wheels", "UV_NO_BINARY"),
    switch("--binary", "no-binary", kind="no"),
    several("--no-binary-package", "no-binary-package", "Use no wheel of this package", check="name"),
    switch("--require-build-hashes", "ignored-build-hashes"),
    switch("--no-require-build-hashes", "ignored-no-build-hashes"),
)
PROJECT_BUILD = Group(BUILD.heading, (*BUILD.flags, *FILES))
SCRIPT = text("--script", "script", "Act on this script instead of the project", check="filled")
EXCLUSIVE = (
    ("extra", "all-extras"),
    ("only-group", "group"),
    ("only-dev", "group"),
    ("only-dev", "no-dev"),
    ("locked", "frozen"),
    ("package", "all-packages"),
)


def names_of(flags: tuple[Flag, ...]) -> tuple[str, ...]:
    """Give the keys of some flags."""
    return tuple(flag.key for flag in flags)


def project_words(context: Context, root: str) -> Words:
    """Give the flags under the names and with the values that settings have; files are read from `root` on."""
    from keyrack.cli.inputs import flags_of  # late: start-up

    words = flags_of(context)
    flags = dict(words.flags)
    for key in ("extra", "all-extras", "group"):  # of projects, and no settings
        flags.pop(key, None)
    flags["project"] = root
    for key in ("no-build", "no-binary"):
        packages = context.listed(f"{key}-package")
        if packages and not flags.get(key):
            flags[key] = list(packages)
    from keyrack.operations.configure import Words  # late: start-up

    return Words(flags, words.environment, words.folder)
