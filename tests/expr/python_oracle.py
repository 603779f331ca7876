"""Evaluates one expression a line as Python does, but for what evotune's language refuses: integers
beyond 64 bits, complex numbers, NaN, and arithmetic on strings. Prints "type repr" or "error why".

usage: python_oracle.py NAMES EXPRESSIONS   (NAMES: one "name = literal" a line)"""
import ast
import math
import sys


def checked(value):
    if type(value) is int and not -2**63 <= value < 2**63:
        raise OverflowError("beyond 64 bits")
    if isinstance(value, complex) or (isinstance(value, float) and math.isnan(value)):
        raise ValueError("not a real number")
    return value


def no_string(value):
    if isinstance(value, str):
        raise TypeError("strings can only be compared")
    return value


def call(function, node):
    return ast.Call(ast.Name(function, ast.Load()), [node], [])


class Checked(ast.NodeTransformer):
    def visit_BinOp(self, node):
        self.generic_visit(node)
        # The operands first: 'row' * 10**10 would fill the memory.
        node.left, node.right = call("no_string", node.left), call("no_string", node.right)
        return call("checked", node)

    def visit_UnaryOp(self, node):
        return call("checked", self.generic_visit(node))

    def visit_Call(self, node):
        return call("checked", self.generic_visit(node))


def ceil_div(a, b):
    if isinstance(a, float) or isinstance(b, float):
        a = float(a)  # before the sign is turned: an integer zero has none
    return -(-a // b)


def round_up(a, b):
    return ceil_div(a, b) * b


names = {f.__name__: f for f in (checked, no_string, ceil_div, round_up, math.log2, math.sqrt, math.floor, math.ceil)}
with open(sys.argv[1]) as lines:
    for line in lines:
        name, value = line.split(" = ")
        names[name] = ast.literal_eval(value.strip())

with open(sys.argv[2]) as lines:
    for line in lines:
        try:
            tree = Checked().visit(ast.parse(line.strip(), mode="eval"))
            result = eval(compile(ast.fix_missing_locations(tree), "<expression>", "eval"), dict(names))
            print(type(result).__name__, repr(result))
        except Exception as error:
            print("error", type(error).__name__, str(error).splitlines()[0] if str(error) else "")
