"""The repository itself: what is pinned is pinned with hashes, no name or number in it could be somebody's."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
import yaml

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-uv.txt")
# The hosts of package indexes and code forges, put together here so that this file does not name them itself.
HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("anaconda", "org"),
        ("huggingface", "co"),
        ("astral", "sh"),
        ("npmjs", "org"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
    )
)
OURS_ALONE = ("DESIGN" + ".md", "DOMAIN" + ".md", "/work" + "/shared", "/work" + "/main")
# Numbers that Ofcom has set aside for drama, without the leading 0.
DRAMA = re.compile(
    r"^(?:7700900\d{3}|1632960\d{3}|1(?:1[3-8]|[2-6]1)4960\d{3}|1914980\d{3}|2079460\d{3}|2896496\d{3}|2920180\d{3}"
    r"|8081570\d{3}|9098790\d{3}|3069990\d{3})$"
)
HELPLINES = {
    "116123",
    "800838587",
    "8001111",
    "8000271234",
    "8088010302",
    "8000121700",
    "8002540088",
    "3456009527",
    "7870981785",
    "8088088141",
    "8001244222",
    "3301077540",
    "3031231113",
    "85258",
}
COUNTING_UP = {"48512345678"}  # a number from abroad that is plainly made up


def tracked() -> list[Path]:
    """Every file that git keeps here."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)  # noqa: S607
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    """(path, contents) of every text file."""
    found = []
    for path in tracked():
        raw = path.read_bytes()
        if b"\0" not in raw:
            found.append((path.relative_to(ROOT).as_posix(), raw.decode("utf-8", "replace")))
    return found


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def plain(name: str) -> str:
    """A package's name as locks write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> dict[str, list[str]]:
    """Package -> its pinned versions, one for each environment marker."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", (ROOT / lock).read_text(), re.M):
        found.setdefault(plain(name), []).append(version)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_carries_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.M)[1:]
    assert blocks
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links| @ ", text)


@pytest.mark.parametrize(("lock", "extras"), [("requirements.lock", ()), ("requirements-test.lock", ("test",))])
def test_everything_the_project_asks_for_is_pinned(lock: str, extras: tuple[str, ...]) -> None:
    declared: Any = project()["project"]
    asked = [
        *declared["dependencies"],
        *(each for extra in extras for each in declared["optional-dependencies"][extra]),
    ]
    found = pins(lock)
    for requirement in asked:
        name, exact = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?(?:==(\S+))?", requirement).groups()  # type: ignore[union-attr]
        assert plain(name) in found, f"{name} is not in {lock}"
        assert exact is None or found[plain(name)] == [exact]


def test_the_test_lock_is_the_other_one_and_more() -> None:
    run, test = pins("requirements.lock"), pins("requirements-test.lock")
    assert {name: versions for name, versions in run.items() if test.get(name) != versions} == {}
    assert len(test) > len(run)


def test_every_override_says_why() -> None:
    """A comment on its line, or above the group it stands in."""
    block = re.search(r"^override-dependencies = \[\n(.*?)^\]", (ROOT / "pyproject.toml").read_text(), re.M | re.S)
    assert block
    reason, unexplained = "", []
    for line in block[1].splitlines():
        if line.strip().startswith("#"):
            reason = line
        elif not reason and "#" not in line:
            unexplained.append(line.strip())
    assert unexplained == []
    assert block[1].strip().startswith("#")


def test_no_file_names_an_index_or_a_forge() -> None:
    wrong = [f"{name}: {host}" for name, text in texts() for host in HOSTS if host in text]
    assert wrong == []


def test_the_project_speaks_of_itself_alone() -> None:
    assert [name for name, text in texts() if any(word in text for word in OURS_ALONE)] == []


def national(match: str) -> str:
    digits = re.sub(r"\D", "", match)
    return re.sub(r"^(?:0044|44)?0?", "", digits)


def test_no_number_in_the_repository_could_be_somebodys() -> None:
    wrong = []
    for name, text in texts():
        if name in LOCKS or name.endswith((".svg", ".ipynb")):
            continue
        for match in phonenumbers.PhoneNumberMatcher(text, "GB", leniency=phonenumbers.Leniency.VALID):
            number = national(match.raw_string)
            if not DRAMA.match(number) and number not in HELPLINES | COUNTING_UP:
                wrong.append(f"{name}: {match.raw_string}")
    assert wrong == []


def test_the_commands_a_stranger_types_are_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    lines = {line.strip().split("  ")[0].removeprefix("$ ") for line in readme.splitlines()}
    assert {"./run", "./run test"} <= lines


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_a_script_can_be_run_and_reads_as_a_shell_script(script: str) -> None:
    path = ROOT / script
    shell = path.read_text().splitlines()[0].rpartition("/")[2].removeprefix("env ")
    assert path.stat().st_mode & 0o111
    assert subprocess.run([shell, "-n", str(path)], check=False).returncode == 0  # noqa: S603


def test_run_answers_for_a_missing_python_with_what_to_do(tmp_path: Path) -> None:
    """On a machine without Python 3.11: no traceback, a way out, and a code that says it failed."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("sh", "cat", "sha256sum", "cut", "dirname", "mkdir", "flock", "sed", "ls", "head", "grep"):
        found = subprocess.run(["sh", "-c", f"command -v {tool}"], capture_output=True, text=True, check=False)  # noqa: S603, S607
        if found.returncode == 0:
            (tools / tool).symlink_to(found.stdout.strip())
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name in ("run", "pyproject.toml", *LOCKS):
        (checkout / name).write_bytes((ROOT / name).read_bytes())
    (checkout / "run").chmod(0o755)
    answer = subprocess.run(  # noqa: S603
        [str(checkout / "run"), "doctor"],
        env={"PATH": str(tools), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "needs Python 3.11" in answer.stderr
    assert "BLETHER_PYTHON" in answer.stderr
    assert not (checkout / ".venv").exists()


def test_pre_commit_runs_only_what_is_installed_here() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert {repo["repo"] for repo in config["repos"]} == {"local"}
    assert all(hook["entry"].startswith(".venv/bin/") for hook in hooks)
