"""The words that name commands, and where each is carried out: its module is imported when it is needed (start-up)."""

from __future__ import annotations

from keyrack.values.light import Light


class Command(Light):
    """One command: its words, the module in `keyrack.cli` that has its `GRAMMAR` and `run`, and a line of help.

    `aliases` are other names of its last word.
    """

    words: tuple[str, ...]
    module: str
    help: str
    aliases: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The words as typed."""
        return " ".join(self.words)


def _command(words: str, module: str, about: str, aliases: str = "") -> Command:
    return Command(tuple(words.split()), f"keyrack.cli.{module}", about, tuple(aliases.split()))


COMMANDS = (
    _command("auth login", "auth_login", "Keep credentials for a service"),
    _command("auth logout", "auth_logout", "Forget the credentials kept for a service"),
    _command("auth token", "auth_token", "Show the password or token kept for a service"),
    _command("auth dir", "auth_dir", "Show where credentials are kept"),
    _command("auth explain", "auth_explain", "Say which identity would go with a request, and why"),
    _command("pip install", "pip_install", "Install packages into an environment"),
    _command("pip compile", "pip_compile", "Pin all that requirements need in a file"),
    _command("pip sync", "pip_sync", "Make an environment hold what files list, and nothing else"),
    _command("pip uninstall", "pip_uninstall", "Take packages out of an environment"),
    _command("pip freeze", "pip_freeze", "List what is installed as a requirements file"),
    _command("pip list", "pip_list", "List what is installed as a table", "ls"),
    _command("pip show", "pip_show", "Show what is known of installed packages"),
    _command("pip tree", "pip_tree", "Show what is installed as a tree of dependencies"),
    _command("pip check", "pip_check", "Check that installed packages fit together"),
    _command("tree", "tree", "Show what a project's lock holds as a tree of dependencies"),
    _command("init", "init", "Begin a project"),
    _command("lock", "lock", "Write down which versions of everything a project gets"),
    _command("add", "add", "Add requirements to the project"),
    _command("remove", "remove", "Take requirements out of the project"),
    _command("export", "export", "Write what a project's lock holds in another form"),
    _command("run", "run", "Run a command in the project's environment"),
    _command("sync", "sync", "Make the project's environment hold what its lock says"),
    _command("build", "build", "Make a source distribution and a wheel of a project"),
    _command("venv", "new_venv", "Create a virtual environment", "virtualenv v"),
    _command("tool run", "tool_run", "Run a tool in an environment of its own"),
    _command("tool install", "tool_install", "Install a tool into an environment of its own"),
    _command("tool upgrade", "tool_upgrade", "Install tools anew in their newest versions"),
    _command("tool list", "tool_list", "List the installed tools", "ls"),
    _command("tool uninstall", "tool_uninstall", "Remove tools"),
    _command("tool dir", "tool_dir", "Show where tools are installed"),
    _command("python find", "python_find", "Show the Python that a command would take"),
    _command("python list", "python_list", "List the Pythons of this machine", "ls"),
    _command("python pin", "python_pin", "Write down which Python a folder is for"),
    _command("python dir", "python_dir", "Show where Pythons of one's own would lie"),
    _command("cache clean", "cache_clean", "Empty the cache, or take out what belongs to some packages", "clear"),
    _command("cache prune", "cache_prune", "Remove from the cache what nobody can use any more"),
    _command("cache size", "cache_size", "Show how much room the cache takes on the disk"),
    _command("cache verify", "cache_verify", "Hash the cache again, and remove what is damaged"),
    _command("cache dir", "cache_dir", "Show where the cache lies"),
    _command("version", "version", "Show or raise the version of the project"),
    _command("self version", "self_version", "Show the version of keyrack"),
    _command("help", "help_command", "Show the help of a command"),
)
GROUPS = {
    "": "keyrack installs Python packages, each from its own index with that index's own key",
    "auth": "Look into authentication",
    "pip": "Work on an environment in pip's words",
    "tool": "Install and run tools, each in an environment of its own",
    "python": "Look into the Pythons of this machine",
    "cache": "Look after keyrack's cache",
    "self": "Look after keyrack itself",
}


class Found(Light):
    """What the words of a command line name: a command, or as much of one as could be read; and the other words.

    `stray` is a flag before the command that no command takes.
    """

    command: Command | None
    words: tuple[str, ...]
    rest: tuple[str, ...]
    stray: str = ""


def find_command(arguments: tuple[str, ...]) -> Found:
    """Find the command in a command line; flags may stand before and between its words."""
    words, rest = list[str](), list[str]()
    at = 0
    while at < len(arguments):
        argument = arguments[at]
        at += 1
        if argument.startswith("-") and len(argument) > 1:
            takes_value = _takes_value(argument)
            if takes_value is None:
                return Found(None, tuple(words), tuple(rest), argument)
            rest.append(argument)
            if takes_value and at < len(arguments):
                rest.append(arguments[at])
                at += 1
            continue
        words.append(argument)
        if (command := _named(tuple(words))) is not None:
            return Found(command, command.words, (*rest, *arguments[at:]))
        if not any(each.words[: len(words)] == tuple(words) for each in COMMANDS):
            break
    return Found(None, tuple(words), (*rest, *arguments[at:]))


def _named(words: tuple[str, ...]) -> Command | None:
    for each in COMMANDS:
        if each.words[:-1] == words[:-1] and words[-1] in (each.words[-1], *each.aliases):
            return each
    return None


def _takes_value(argument: str) -> bool | None:
    """Say whether the next word belongs to a flag that all commands take; None where it is none of those."""
    from keyrack.cli.flags import CACHE, GLOBAL  # late: most command lines have no flag before the command

    name, equals, _ = argument.partition("=")
    for flag in (*GLOBAL.flags, *CACHE.flags):
        if name in flag.names:
            return flag.takes_value and not equals
    is_cluster = not argument.startswith("--") and set(argument[1:]) <= set("qvnhV")
    return False if is_cluster or argument == "--version" else None
