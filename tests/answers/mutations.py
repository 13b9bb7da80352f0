"""The changes that a slip of the hand makes to a piece of code, node by node of its syntax tree.

Texts for people (docstrings, messages of errors, help) are left alone, and so is `strict`, which only guards a `zip`.
"""

import ast
from collections.abc import Callable, Iterator

Change = tuple[int, str, Callable[[], None]]  # its line, what it is in words, and what makes it
WITHOUT_EFFECT = ("help", "description", "strict")  # keywords that change nothing that is asked for
BLOCKS = ("body", "orelse", "finalbody")
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_PAIRS = [(ast.Add, ast.Sub), (ast.Mult, ast.Div), (ast.BitOr, ast.BitAnd), (ast.And, ast.Or), (ast.USub, ast.UAdd)]
OPERATORS = {old: new for pair in _PAIRS for old, new in (pair, pair[::-1])} | {
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that may change, in the order of the source."""
    yield node
    for child in ast.iter_child_nodes(node):
        is_text = isinstance(child, ast.JoinedStr | ast.Raise) or _is_docstring(child)
        if not is_text and not (isinstance(child, ast.keyword) and child.arg in WITHOUT_EFFECT):
            yield from walk(child)


def list_changes(node: ast.AST) -> list[Change]:
    """Return all changes of this one node; each is made in place when its function is called."""
    finders = (change_constant, change_operator, change_condition, change_call, change_block, change_handler)
    return [change for find in finders for change in find(node)]


def change_constant(node: ast.AST) -> Iterator[Change]:
    """Change a number by one, turn True into False, spoil a text."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, bool | int | float | str):
        return
    old = node.value
    others = [f"{old}x"] if isinstance(old, str) else [old * 2] if isinstance(old, float) else [old + 1, old - 1]
    for new in [not old] if isinstance(old, bool) else others:
        yield node.lineno, f"{old!r} -> {new!r}", lambda new=new: setattr(node, "value", new)


def change_operator(node: ast.AST) -> Iterator[Change]:
    """Replace an operator or a comparison by its neighbours."""
    if isinstance(node, ast.BinOp | ast.AugAssign | ast.BoolOp | ast.UnaryOp) and type(node.op) in OPERATORS:
        new = OPERATORS[type(node.op)]
        yield node.lineno, f"{type(node.op).__name__} -> {new.__name__}", lambda: setattr(node, "op", new())
    for place, old in enumerate(node.ops if isinstance(node, ast.Compare) else ()):
        for other in COMPARISONS[type(old)]:
            change = f"{type(old).__name__} -> {other.__name__}"
            yield node.lineno, change, lambda place=place, other=other: node.ops.__setitem__(place, other())


def change_condition(node: ast.AST) -> Iterator[Change]:
    """Negate what is asked."""
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        yield node.lineno, "condition negated", lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test))
    for place, test in enumerate(node.ifs if isinstance(node, ast.comprehension) else ()):
        negated = ast.UnaryOp(ast.Not(), test)
        change = f"condition {ast.unparse(test)} negated"
        yield test.lineno, change, lambda place=place, negated=negated: node.ifs.__setitem__(place, negated)


def change_call(node: ast.AST) -> Iterator[Change]:
    """Leave out a call, so that only what it was made with stays; swap arguments or returned values; drop a keyword."""
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        yield node.lineno, "returned values swapped", lambda: node.value.elts.reverse()
    if not isinstance(node, ast.Call):
        return
    name = ast.unparse(node.func).rpartition(".")[2][-30:]
    inner = node.func.value if isinstance(node.func, ast.Attribute) else node.args[0] if len(node.args) == 1 else None
    if inner is not None and not isinstance(inner, ast.Starred):
        yield node.lineno, f"without call of {name}", lambda: _become(node, inner)
    for place in range(len(node.args) - 1):
        swapped = [*node.args[:place], node.args[place + 1], node.args[place], *node.args[place + 2 :]]
        change = f"arguments {place + 1} and {place + 2} of {name} swapped"
        yield node.lineno, change, lambda swapped=swapped: setattr(node, "args", swapped)
    for keyword in node.keywords:
        if keyword.arg and keyword.arg not in WITHOUT_EFFECT:
            yield keyword.lineno, f"{name} without {keyword.arg}", lambda keyword=keyword: node.keywords.remove(keyword)


def change_block(node: ast.AST) -> Iterator[Change]:
    """Leave out a statement, a decorator, or the `with` around a block."""
    for decorator in getattr(node, "decorator_list", ()):
        change = f"without decorator {ast.unparse(decorator)}"
        yield decorator.lineno, change, lambda decorator=decorator: node.decorator_list.remove(decorator)
    for block in (getattr(node, name, None) for name in BLOCKS):
        for place, statement in enumerate(block if isinstance(block, list) else ()):
            if _is_docstring(statement) or isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Pass):
                continue
            instead = [ast.Pass()] if len(block) == 1 else []
            change = f"without {ast.unparse(statement).splitlines()[0][:60]}"
            yield statement.lineno, change, _make_replacement(block, place, instead)
            if isinstance(statement, ast.With) and not any(item.optional_vars for item in statement.items):
                yield statement.lineno, f"{change} around", _make_replacement(block, place, statement.body)


def change_handler(node: ast.AST) -> Iterator[Change]:
    """Catch everything, or one type less."""
    if not isinstance(node, ast.ExceptHandler):
        return
    yield node.lineno, "every Exception caught", lambda: setattr(node, "type", ast.Name("Exception", ast.Load()))
    for kind in node.type.elts if isinstance(node.type, ast.Tuple) else ():
        yield node.lineno, f"{ast.unparse(kind)} not caught", lambda kind=kind: node.type.elts.remove(kind)


def _become(node: ast.AST, other: ast.AST) -> None:
    """Put `other` in the place of `node`, wherever that hangs in its tree."""
    node.__class__, node.__dict__ = other.__class__, dict(other.__dict__)


def _make_replacement(block: list[ast.stmt], place: int, instead: list[ast.stmt]) -> Callable[[], None]:
    return lambda: block.__setitem__(slice(place, place + 1), instead)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
