"""Expressions of cost models and technology files, as sim/config/expression.h evaluates them: whole numbers, + - * /
(rounded down), max, min, ceil(a, b) and exact(a, b) (division rounded up, without rest), pow2(n), bits(n)."""
import ast
import functools


class ExpressionError(Exception):
    pass


def exact(a, b):
    if a % b:
        raise ExpressionError(f"{a} is no multiple of {b}")
    return a // b


FUNCTIONS = {"max": max, "min": min, "ceil": lambda a, b: -(-a // b), "exact": exact, "pow2": lambda n: 1 << n,
             "bits": lambda n: n.bit_length()}
ALLOWED = (ast.Expression, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Call, ast.Name, ast.Load, ast.Constant, ast.FloorDiv)


class Floors(ast.NodeTransformer):
    def visit_Div(self, _):
        return ast.FloorDiv()


@functools.lru_cache(maxsize=None)
def compiled(text):
    """(code, names that it uses)."""
    try:
        tree = ast.parse(str(text), mode="eval")
    except SyntaxError as error:
        raise ExpressionError(f"{text!r}: {error.msg}") from error
    for node in ast.walk(tree):
        if not isinstance(node, ALLOWED) or (isinstance(node, ast.Constant) and not isinstance(node.value, int)):
            raise ExpressionError(f"{text!r}: only sums, products and {', '.join(FUNCTIONS)}")
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - set(FUNCTIONS)
    return compile(ast.fix_missing_locations(Floors().visit(tree)), str(text), "eval"), frozenset(names)


def names_of(text):
    return compiled(text)[1]


def evaluate(text, values):
    code, names = compiled(text)
    missing = names - set(values)
    if missing:
        raise ExpressionError(f"{text!r}: unknown {', '.join(sorted(missing))}")
    return eval(code, {"__builtins__": {}}, {**FUNCTIONS, **values})  # only ALLOWED nodes are in it


def in_order(names, parameters):
    """The named expressions, each after those that it uses, and before them nothing that is not a parameter."""
    ordered, waiting = {}, dict(names)
    while waiting:
        ready = [name for name, text in waiting.items() if not names_of(text) - set(parameters) - set(ordered)]
        if not ready:
            raise ExpressionError(f"names that hang on unknown ones: {', '.join(sorted(waiting))}")
        for name in ready:
            ordered[name] = waiting.pop(name)
    return ordered


def with_names(names, parameters):
    """Parameters and the values of the names. A parameter of the same name wins."""
    values = dict(parameters)
    for name, text in in_order({n: t for n, t in names.items() if n not in parameters}, parameters).items():
        values[name] = evaluate(text, values)
    return values
