"""Loads, checks and renders the templates: sandboxed Jinja, then Markdown, then the two parts of a mail."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mailflow.errors import TemporaryError, UserError
from mailflow.render.escape import for_markdown, one_line
from mailflow.render.page import parse, to_html
from mailflow.render.text import to_text

SUBJECT_LENGTH = 200
_SUBJECT = re.compile(r"Subject:[ \t]*(?P<subject>\S.*)")

# What a template can raise while it renders; everything else is a mistake of ours and should be seen as such.
_MISTAKES = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's words: its subject in one line, and its text and HTML parts, which say the same."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _Compiled:
    path: Path
    subject: Template
    body: Template
    tree: nodes.Template  # subject and body, for what the template reads


class Templates:
    """Every template of a folder, compiled once."""

    def __init__(self, compiled: Mapping[str, _Compiled]) -> None:
        """`compiled`: by name. Use `Templates.load`."""
        self._compiled = dict(compiled)

    @classmethod
    def load(cls, folder: Path) -> "Templates":
        """Reads every *.md of `folder` but README.md. Raises UserError with one sentence for each broken template."""
        paths = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
        if not paths:
            raise UserError(f"{folder} holds no templates; name a folder with *.md files in MAILFLOW_TEMPLATES.")
        compiled, problems = {}, list[str]()
        for path in paths:
            try:
                compiled[path.stem] = _compile(path)
            except UserError as error:
                problems += error.problems
        if problems:
            raise UserError(*problems)
        return cls(compiled)

    @property
    def names(self) -> tuple[str, ...]:
        """The templates' names: their files' without .md, in alphabetical order."""
        return tuple(self._compiled)

    def variables(self, name: str) -> frozenset[str]:
        """The variables that a template reads."""
        return frozenset(find_undeclared_variables(self._find(name).tree))

    def render(self, name: str, values: Mapping[str, object]) -> Rendered:
        """The mail for these values. Raises TemporaryError where the template fails: our fault, never the mail's."""
        try:
            return _render(self._find(name), values)
        except _MISTAKES as error:
            raise TemporaryError(_sentence(self._find(name), error)) from None

    def problems(self, name: str, known: Collection[str], samples: Iterable[Mapping[str, object]]) -> list[str]:
        """A sentence for each variable that is not `known`, and for each sample that the template cannot render."""
        template = self._find(name)
        unknown = self.variables(name) - set(known)
        found = [
            f"{template.path}, line {node.lineno}: there is no variable {node.name}; use one of {', '.join(sorted(known))}."
            for node in template.tree.find_all(nodes.Name)
            if node.name in unknown
        ]
        for values in () if found else samples:
            try:
                _render(template, values)
            except _MISTAKES as error:
                found.append(_sentence(template, error))
        return list(dict.fromkeys(found))

    def _find(self, name: str) -> _Compiled:
        if name not in self._compiled:
            raise TemporaryError(f"There is no template {name}.md; there are {', '.join(self.names)}.")
        return self._compiled[name]


def _environment(finalize: Callable[[object], str]) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # `finalize` escapes for Markdown, whose renderer escapes for HTML
    )


_SUBJECTS = _environment(one_line)
_BODIES = _environment(for_markdown)


def _compile(path: Path) -> _Compiled:
    try:
        source = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise UserError(f"{path} is not UTF-8 text; save it again as UTF-8.") from None
    first, _, rest = source.partition("\n")
    found = _SUBJECT.fullmatch(first.rstrip())
    if not found:
        raise UserError(f"{path}, line 1: the first line must be the subject; write Subject: and the words after it.")
    # The body keeps an empty first line, so that the line numbers of errors are those of the file.
    body = "\n" + rest
    try:
        return _Compiled(
            path,
            _template(_SUBJECTS, found["subject"], path),
            _template(_BODIES, body, path),
            _BODIES.parse(found["subject"] + body, path.stem, str(path)),
        )
    except TemplateSyntaxError as error:
        raise UserError(f"{path}, line {error.lineno}: {_clause(error)}.") from None


def _template(environment: ImmutableSandboxedEnvironment, source: str, path: Path) -> Template:
    code = environment.compile(source, path.stem, str(path))
    return Template.from_code(environment, code, environment.make_globals(None))


def _render(template: _Compiled, values: Mapping[str, object]) -> Rendered:
    subject = one_line(template.subject.render(values))[:SUBJECT_LENGTH].rstrip()
    tokens = parse(template.body.render(values))
    return Rendered(subject, to_text(tokens), to_html(tokens, subject))


def _sentence(template: _Compiled, error: Exception) -> str:
    lines = [line for file, line in _frames(error.__traceback__) if file == str(template.path)]
    return f"{template.path}, line {lines[-1] if lines else 1}: {_clause(error)}."


def _frames(trace: TracebackType | None) -> Iterator[tuple[str, int]]:
    while trace:
        yield trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next


def _clause(error: Exception) -> str:
    return str(error).strip().rstrip(".")
