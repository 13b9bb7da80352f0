"""Student-made HTML and Markdown, cut down to what can only be looked at: no programs, nothing fetched from elsewhere.

HTML is not searched for what is bad: tags and attributes known to be harmless are written anew, everything else
is left out or becomes text. Reading takes time in proportion to the length, whatever the text.
"""

import html
import re
from collections.abc import Collection

from helpers.grading.feedback.bounds import MAX_MARKDOWN, TextRoom

_BLOCKS = "blockquote details div h1 h2 h3 h4 h5 h6 hr li ol p pre summary ul"
_TABLES = "caption table tbody td tfoot th thead tr"
_WORDS = "b br code em i img kbd mark s small span strong sub sup u"
_PROGRAMS = "audio iframe math noscript object script select style svg template title video"
TAGS = frozenset(f"{_BLOCKS} {_TABLES} {_WORDS}".split())
VOID_TAGS = frozenset({"br", "hr", "img"})
DROPPED_WITH_CONTENT = frozenset(_PROGRAMS.split())
MAX_NESTED = 60  # tags; deeper ones are left out

_TOKEN = re.compile(
    r"""<!--[^<]*?-->|<(?P<end>/?)(?P<tag>[a-zA-Z][\w-]*+)(?P<attributes>(?:[^<>"']|"[^"<]*"|'[^'<]*')*+)>"""
)
_ATTRIBUTE = re.compile(r"""(?<![\w-])([a-zA-Z-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++))""")
_FIGURE = re.compile(r'<img alt="[^"<>]*" width="\d+" src="data:image/png;base64,[A-Za-z0-9+/=]+">')  # helpers/plots
_NUMBER = re.compile(r"\d{1,5}")
_ALIGNMENT = {"style": re.compile(r"text-align: (?:left|right|center);")}
_CELL = {"colspan": _NUMBER, "rowspan": _NUMBER, **_ALIGNMENT}
_ALLOWED = {  # a tag's attributes, each with what its value may be
    "img": {
        "src": re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+"),
        "alt": re.compile(r".*", re.DOTALL),
        "width": _NUMBER,
        "height": _NUMBER,
    },
    "table": {"class": re.compile("dataframe"), "border": _NUMBER},
    "tr": _ALIGNMENT,
    "td": _CELL,
    "th": _CELL,
}

_INVISIBLE = "\N{ZERO WIDTH SPACE}"
_PLAIN_TAGS = "|".join(sorted(TAGS - {"img", "div"}))
# What Markdown would take for HTML, but for tags without attributes, and one paragraph of the notebooks.
_TAG_IN_MARKDOWN = re.compile(rf'<(?=[a-zA-Z/!?])(?!/?(?:{_PLAIN_TAGS})\s*/?>|p style="text-align: center">)')
# A link that may lead to a program: inline or defined elsewhere, to neither a web address nor a plain relative name.
_LINK_IN_MARKDOWN = re.compile(
    r"\](?=\((?!https?://|mailto:|attachment:|[\w./#-]+[)\s]|\))|:(?!\s*https?://))", re.IGNORECASE
)
_PICTURE_IN_MARKDOWN = re.compile(r"!(?=\[(?:[^\[\]\n]*\]\(attachment:([\w.%-]+)\))?)")


def clean_html(text: str) -> str:
    """Return HTML that holds only text, tables, and embedded PNG, JPEG and GIF pictures; every tag is closed."""
    if _FIGURE.fullmatch(text):
        return text
    writer, place = _Writer(), 0
    for token in _TOKEN.finditer(text):
        writer.write_text(text[place : token.start()])
        writer.write_token(token)
        place = token.end()
    writer.write_text(text[place:])
    return writer.finish()


def clean_markdown(text: str, attachments: Collection[str] = (), *, room: TextRoom | None = None) -> str:
    """Return Markdown whose HTML tags are plain text and whose pictures are among the `attachments`.

    Links stay if they lead to a web address, or to a plain relative name. What may not stay is kept from working
    by an invisible space in it, so that it is shown as it was typed. Text longer than MAX_MARKDOWN, or than `room`
    has left, is cut, and the result says so. Cleaning it again changes nothing.
    """
    text = (room or TextRoom(MAX_MARKDOWN, MAX_MARKDOWN)).cut(text.replace(_INVISIBLE, ""))
    text = _LINK_IN_MARKDOWN.sub(f"]{_INVISIBLE}", _TAG_IN_MARKDOWN.sub(f"<{_INVISIBLE}", text))
    return _PICTURE_IN_MARKDOWN.sub(lambda found: "!" if found[1] in attachments else f"!{_INVISIBLE}", text)


class _Writer:
    """Writes allowed tags anew, each closed in its own place, and escapes all text."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open: list[str] = []
        self._dropping = ""  # the tag whose content is left out until it ends

    def write_text(self, text: str) -> None:
        if not self._dropping:
            self._parts.append(html.escape(html.unescape(text), quote=False))

    def write_token(self, token: re.Match) -> None:
        tag = (token["tag"] or "").lower()
        if self._dropping:
            self._dropping = "" if token["end"] and tag == self._dropping else self._dropping
        elif token["end"]:
            self._close(tag)
        elif tag in DROPPED_WITH_CONTENT:
            self._dropping = tag
        elif tag in TAGS and len(self._open) < MAX_NESTED:
            self._open_tag(tag, _read_attributes(token["attributes"]))

    def finish(self) -> str:
        while self._open:
            self._parts.append(f"</{self._open.pop()}>")
        return "".join(self._parts)

    def _open_tag(self, tag: str, attributes: dict[str, str]) -> None:
        patterns = _ALLOWED.get(tag, {})
        known = {name: text for name, text in attributes.items() if name in patterns}
        allowed = {name: text for name, text in known.items() if patterns[name].fullmatch(text)}
        if tag == "img" and "src" not in allowed:
            self.write_text(f"[picture: {attributes.get('alt') or 'not embedded'}]")
            return
        written = [f' {name}="{html.escape(text)}"' for name, text in allowed.items()]
        self._parts.append(f"<{tag}{''.join(written)}>")
        if tag not in VOID_TAGS:
            self._open.append(tag)

    def _close(self, tag: str) -> None:
        while tag in self._open:
            last = self._open.pop()
            self._parts.append(f"</{last}>")
            if last == tag:
                return


def _read_attributes(text: str) -> dict[str, str]:
    """Return a tag's attributes; of two with one name the first counts, as in a browser."""
    attributes: dict[str, str] = {}
    for name, *texts in _ATTRIBUTE.findall(text):
        attributes.setdefault(name.lower(), html.unescape("".join(texts)))
    return attributes
