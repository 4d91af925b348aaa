"""A project that asks for what a resolver scenario declares."""

from lab.scenarios import Scenario


def project_text(scenario: Scenario, index: str) -> str:
    """The project's pyproject.toml."""
    options = scenario.options
    lines = ["[project]", 'name = "project"', 'version = "0.1.0"']
    lines += [f'requires-python = "{scenario.root.requires_python}"', "dependencies = ["]
    lines += [f"  '''{requirement}'''," for requirement in scenario.root.requires]
    lines += ["]", "[tool.uv]"]
    if options.resolution:
        lines.append(f'resolution = "{options.resolution}"')
    if options.prereleases:
        lines.append('prerelease = "allow"')
    if options.required_environments:
        listed = ", ".join(f"'''{marker}'''" for marker in options.required_environments)
        lines.append(f"required-environments = [{listed}]")
    return "\n".join((*lines, "[[tool.uv.index]]", f'url = "{index}"', "default = true")) + "\n"
