import ast
import dis
import io
import tokenize


def f(x):
    tree = ast.parse("a = 1 + 2 * b")
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    tokens = [t.string for t in tokenize.generate_tokens(io.StringIO("a+1").readline)][:3]
    return (
        names,
        ast.unparse(tree),
        ast.literal_eval("[1, (2, 'a')]"),
        tokens,
        any(i.opname == "RETURN_VALUE" for i in dis.get_instructions(f)),
    )
