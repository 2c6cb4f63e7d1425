"""Fill the office's Word templates, and the HTML of an announcement, from values."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Sentence
from gazetteer.documents.word import BROKEN, clean

KINDS = (
    "application_form",
    "reply",
    "filing_form",
    "filing_report",
    "announcement",
    "certificate",
    "address_certificate",
)
"""Documents for which a template is shipped."""


def template(name: str) -> bytes:
    """Return a shipped template, for the office to edit in Word.

    Raises
    ------
    UnknownError
        No template has this name.
    """
    if name not in KINDS:
        remedy = Sentence("Use one of {listed}.", listed=tuple(KINDS))
        raise UnknownError(Sentence("No template is called {name!r}", name=name), remedy=remedy)
    return (files("gazetteer.documents") / "templates" / f"{name}.docx").read_bytes()


def filled(name: str, content: Mapping[str, Any], *, edited: bytes | None = None) -> bytes:
    """Return a Word document: a template with the values in their places.

    Markup in a value is text; control characters are dropped; a template runs no code.

    Parameters
    ----------
    name
        One of `KINDS`.
    content
        Values of `gazetteer.documents.names`.
    edited
        The office's own template (.docx) instead of the shipped one.

    Raises
    ------
    InputError
        The template is no Word document, or asks for a value that the document has not.

    Examples
    --------
    >>> filled("reply", {}, edited=b"no Word file")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: template reply: not readable as a Word document. Save it...
    """
    place = Sentence("template {name}", name=name)
    document = _opened(template(name) if edited is None else edited, place)
    try:
        document.render(_clean(content), _environment(), autoescape=True)
    except (
        TemplateError, ArithmeticError, LookupError, MemoryError, RecursionError, TypeError,
        ValueError,
    ) as error:  # fmt: skip
        quote = " ".join(str(error).split()) or type(error).__name__
        remedy = Sentence("Correct the {{ }} in the template.")
        what = Sentence("cannot be filled in ({quote})", quote=quote)
        raise InputError(what, place=place, remedy=remedy) from error
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _opened(source: bytes, place: Sentence) -> DocxTemplate:
    try:
        document = DocxTemplate(BytesIO(source))
        document.init_docx()
    except BROKEN as error:
        what = Sentence("not readable as a Word document")
        raise InputError(what, place=place, remedy=Sentence("Save it as .docx.")) from error
    return document


def announcement_html(content: Mapping[str, Any]) -> str:
    """Return an announcement as one HTML page, every value escaped.

    Examples
    --------
    >>> page = announcement_html({"office": {"issuer": "石首市民政局"}, "title": "地名命名",
    ...     "number": "", "date": "2026年5月6日", "opening": "现将下列地名予以公告：",
    ...     "name_label": "标准名称", "closing": "特此公告。",
    ...     "names": [{"text": "<b>", "remark": "",
    ...     "romanization": "", "division": "", "location": "", "approved_by": "",
    ...     "approved_on": ""}]})
    >>> "&lt;b&gt;" in page, "<b>" in page
    (True, False)
    """
    source = (files("gazetteer.documents") / "templates" / "announcement.html").read_text("utf-8")
    return _environment().from_string(source).render(_clean(content))


class _Environment(SandboxedEnvironment):
    """What a template may do: put values in their places, choose, go through what it is given.

    It counts to no number and repeats or pads no text, so a slip in it cannot keep the machine.
    """

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Refuse what makes much of little, before it is made."""
        raise SecurityError(f"no {operator} in a template")

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Refuse methods of texts that pad them to any length."""
        return not (isinstance(obj, str) and attr in _PADDING) and super().is_safe_attribute(
            obj, attr, value
        )

    def wrap_str_format(self, value: Any) -> None:
        """Give no safe ``format`` instead: it pads as the others do."""


_PADDING = {"center", "expandtabs", "format", "format_map", "ljust", "rjust", "zfill"}


def _environment() -> SandboxedEnvironment:
    environment = _Environment(autoescape=True, undefined=StrictUndefined)
    environment.globals.clear()  # range, lipsum
    for name in ("center", "format", "indent"):
        del environment.filters[name]
    return environment


def _clean(value: Any) -> Any:
    """Return a value with what XML cannot hold dropped from every text in it."""
    if isinstance(value, str):
        return clean(value).encode("utf-8", "ignore").decode().replace("\ufffe", "").replace(
            "\uffff", ""
        )  # fmt: skip
    if isinstance(value, Mapping):
        return {key: _clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return value
