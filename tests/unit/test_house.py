"""The picture of the house: a room knows only the rooms below it, and no file or function outgrows its reader."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = (
    "app",
    "console",
    "channels",
    "bot",
    "protection",
    "consent",
    "engagement",
    "anonymise",
    "language",
    "records",
)
LONGEST_FILE = 400
LONGEST_FUNCTION = 45
RASA = {"rasa", "rasa_sdk"}
# Who may open what is sealed: an address to send to it, words once for the turn, a look or an alert for a named person.
OPENERS = {"channels/delivery.py", "bot/claim.py", "protection/desk.py"}
OPENING_FUNCTIONS = {"open_address", "open_display_name"}  # of engagement/participants.py, which opens for its callers


def modules(*rooms: str) -> Iterator[Path]:
    for room in rooms or ROOMS:
        yield from sorted(path for path in (ROOT / room).rglob("*.py") if "versions" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def test_every_room_is_there() -> None:
    assert all((ROOT / room / "__init__.py").is_file() for room in ROOMS)


def test_a_room_imports_only_from_rooms_below_it() -> None:
    wrong = [
        f"{name_of(path)}:{line} imports {imported}"
        for floor, room in enumerate(ROOMS)
        for path in modules(room)
        for line, imported in imports(path)
        if imported.partition(".")[0] in ROOMS[:floor]
    ]
    assert wrong == []


def test_imports_name_the_room_they_reach_for() -> None:
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.level > 0
    ]
    assert wrong == []


def test_only_the_runtime_and_what_it_loads_touch_rasa() -> None:
    allowed = ("bot/runtime/", "bot/components/", "bot/actions/", "app/commands/rasa.py")
    wrong = [
        f"{name_of(path)}:{line}"
        for path in modules()
        for line, imported in imports(path)
        if imported.partition(".")[0] in RASA and not name_of(path).startswith(allowed)
    ]
    assert wrong == []


def is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def imported_at_load(path: Path) -> set[str]:
    """The modules of ours that a module brings with it: function bodies and type checking left out."""
    found: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(path.read_text())]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or is_for_types(node):
            continue
        waiting += ast.iter_child_nodes(node)
    return found


def file_of(module: str) -> Path | None:
    base = ROOT.joinpath(*module.split("."))
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()), None)


def everything_loaded_by(start: str) -> set[str]:
    seen, waiting = set[str](), [start]
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        parents = [module.rsplit(".", n)[0] for n in range(1, module.count(".") + 1)]
        for name in (module, *parents):
            if name.partition(".")[0] in ROOMS and (path := file_of(name)):
                waiting += imported_at_load(path) - seen
    return seen


@pytest.mark.parametrize("start", ["app.house", "app.serving", "app.loops.delivery", "app.loops.clocks"])
def test_the_web_and_the_loops_that_carry_safety_messages_never_load_rasa(start: str) -> None:
    """So that a broken model never stops a safety reply."""
    loaded = {module.partition(".")[0] for module in everything_loaded_by(start)}
    assert {"app", "records"} <= loaded
    assert loaded & RASA == set()


def test_the_worker_that_takes_turns_does_load_rasa() -> None:
    """Or the test above could not fail."""
    assert {module.partition(".")[0] for module in everything_loaded_by("app.loops.turns")} & RASA


def opens(path: Path) -> bool:
    return any(
        (isinstance(node, ast.Name) and node.id in OPENING_FUNCTIONS and isinstance(node.ctx, ast.Load))
        or (isinstance(node, ast.Attribute) and node.attr == "open" and ast.unparse(node.value).endswith("box"))
        for node in ast.walk(ast.parse(path.read_text()))
    )


def test_only_named_places_open_what_is_sealed() -> None:
    opened = {name_of(path) for path in modules() if opens(path)} - {"engagement/participants.py"}
    assert opened == OPENERS


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in modules()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    wrong = [
        f"{name_of(path)}: {node.name}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert wrong == []


def test_every_module_opens_by_saying_what_it_is_for() -> None:
    assert [name_of(path) for path in modules() if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_nothing_is_left_for_later() -> None:
    words = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    wrong = [name_of(path) for path in modules() if any(f"# {word}" in path.read_text() for word in words)]
    assert wrong == []


def test_no_exception_is_swallowed() -> None:
    wrong = [
        f"{name_of(path)}:{handler.lineno}"
        for path in modules()
        for handler in ast.walk(ast.parse(path.read_text()))
        if isinstance(handler, ast.ExceptHandler)
        and (handler.type is None or ast.unparse(handler.type) in ("Exception", "BaseException"))
        and all(isinstance(step, ast.Pass | ast.Continue) for step in handler.body)
    ]
    assert wrong == []
