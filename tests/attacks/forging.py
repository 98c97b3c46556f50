"""Attacks that answer in the worker's place, or make a report say what is not so."""

from tests.attacks.attack import Attack, in_call

__all__ = ["ATTACKS"]

_THREAT = "Forging"
_CHANNEL = r"""
import json, struct, time
def channels():
    for n in range(3, 16):
        try: os.close(os.dup(n))
        except OSError: continue
        yield n
def asked():
    frame = sys._getframe()
    while "nonce" not in frame.f_locals: frame = frame.f_back
    return frame.f_locals["nonce"], frame.f_locals["sequence"]
def send(data):
    for n in channels():
        view = memoryview(data)
        while view: view = view[os.write(n, view):]
def framed(message, ahead=0):
    nonce, sequence = asked()
    return struct.pack("<16sIQ", nonce, sequence + ahead, len(message)) + message
def tree(text, rest=b""):
    return struct.pack("<I", len(text)) + text + rest
def answer(text, rest=b""):
    send(framed(tree(text, rest)))
    time.sleep(600)
RIGHT = b'{"d":[["returned",{"a":["<f8",[3]]}],["changed",{"d":[]}]]}'
"""


def _sends(name: str, line: str, by: str = "strict decoding", harm: str = "points", before: str = "") -> Attack:
    return Attack(name, _THREAT, in_call(line, "return 2 * x", before=_CHANNEL + before), harm, by)


def _reply(name: str, text: str, rest: str = "", by: str = "strict decoding", harm: str = "points") -> Attack:
    """The bytes of a tree, an expression, in a frame of its own with the right nonce."""
    return _sends(name, f"answer({text}, {rest or repr(b'')})", by, harm)


def _loads(name: str, text: str, harm: str = "unjudged") -> Attack:
    """The same in place of the reply to the request to load."""
    source = f"import os, sys\n{_CHANNEL}\nanswer({text}, b'' + b'\\0' * 16)\n"
    return Attack(name, _THREAT, source, harm, "strict decoding")


def _lies(name: str, reply: str, harm: str = "points") -> Attack:
    """The worker's own modules, changed so that every reply is another."""
    before = f"wire = sys.modules['worker.wire']; encode = wire.encode\nwire.encode = lambda v, *a: encode({reply})"
    return Attack(name, _THREAT, in_call("return 2 * x", before=before), harm, "positive evidence per case")


def _says(name: str, source: str, harm: str = "commands") -> Attack:
    return Attack(name, _THREAT, source, harm, "cleaning")


_COLLIDING = (
    """b'{"d":[["returned",{"d":[' + b','.join(b'[%d,0]' % (n * (2**61 - 1)) for n in range(20000)) + b']}]]}'"""
)

ATTACKS = (
    _sends(
        "prints_that_all_is_well", "print('PASSED', '100%', 'OK', '::set-output name=points::99')", "verdict elsewhere"
    ),
    _sends(
        "prints_our_own_json",
        "print(json.dumps({'version': 1, 'points': '99/10', 'exercises': [{'name': 'f', 'state': 'robust'}]}))",
        "verdict elsewhere",
    ),
    _sends(
        "answers_with_a_made_up_nonce",
        "send(struct.pack('<16sIQ', b'0' * 16, 2, len(tree(RIGHT, "
        "(3 * x).tobytes()))) + tree(RIGHT, (3 * x).tobytes()))",
        "frame and nonce",
    ),
    _sends("answers_twice", "send(framed(tree(b'null')) * 2)", "frame and nonce"),
    _sends(
        "answers_the_next_question_too",
        "send(framed(tree(b'null')) + framed(tree(RIGHT, bytes(24)), 1))",
        "frame and nonce",
    ),
    _sends("answers_before_it_is_asked", "None", "frame and nonce", before="send(framed(tree(RIGHT, bytes(24)), 1))"),
    _sends("announces_a_huge_reply", "send(struct.pack('<16sIQ', *asked(), 1 << 62)); time.sleep(600)", "limit"),
    _sends("announces_a_reply_and_sends_half", "send(framed(bytes(100))[:64]); time.sleep(600)", "limit"),
    _sends("sends_a_reply_of_100_mb", "send(framed(bytes(60 << 20)) + bytes(40 << 20))", "limit"),
    _sends("sends_noise", "send(os.urandom(1 << 16))", "frame and nonce"),
    _sends("sends_a_pickle", "send(framed(b'cos\\nsystem\\n(S\\'touch $open/pickled\\'\\ntR.'))", harm="wrote"),
    _reply("replies_with_a_bottomless_tree", "b'[' * 100000"),
    _reply("replies_with_bottomless_tuples", "b'{\"t\":[' * 3000 + b']}' * 3000"),
    _reply(
        "replies_with_an_array_that_is_not_there",
        'b\'{"d":[["returned",{"a":["<f8",[1099511627776]]}],["changed",{"d":[]}]]}\'',
    ),
    _reply(
        "replies_with_an_array_of_no_size",
        'b\'{"d":[["returned",{"a":["<f8",[0,1152921504606846976]]}],["changed",{"d":[]}]]}\'',
    ),
    _reply(
        "replies_with_an_array_of_negative_shape",
        'b\'{"d":[["returned",{"a":["<f8",[-1,-3]]}],["changed",{"d":[]}]]}\'',
        "bytes(24)",
    ),
    _reply(
        "replies_with_an_array_of_objects",
        'b\'{"d":[["returned",{"a":["|O",[3]]}],["changed",{"d":[]}]]}\'',
        "bytes(24)",
    ),
    _reply("replies_with_a_million_digits", "b'9' * 1000000"),
    _reply(
        "replies_with_a_number_beyond_floats",
        'b\'{"d":[["returned",\' + str(1 << 4090).encode() + b\'],["changed",{"d":[]}]]}\'',
    ),
    _reply("replies_with_half_a_character", 'b\'{"d":[["returned","\\\\ud800"],["changed",{"d":[]}]]}\''),
    _reply("replies_with_a_generator", 'b\'{"d":[["returned",{"g":1}],["changed",{"d":[]}]]}\''),
    _reply("replies_with_the_name_of_a_function", 'b\'{"d":[["returned",{"n":"f"}],["changed",{"d":[]}]]}\''),
    _reply("replies_with_changes_of_other_arguments", 'b\'{"d":[["returned",1],["changed",{"d":[[-1,1],[99,2]]}]]}\''),
    _reply("replies_with_two_answers_in_one", 'b\'{"d":[["returned",1],["returned",2],["changed",{"d":[]}]]}\''),
    _reply("replies_with_nan_outside_of_json", 'b\'{"d":[["returned",NaN],["changed",{"d":[]}]]}\''),
    _reply(
        "replies_that_we_are_at_fault", 'b\'{"d":[["failed","setup"],["message","out of disk"]]}\'', harm="unjudged"
    ),
    _reply("replies_that_it_was_not_run", 'b\'{"d":[["failed","not run"]]}\'', harm="unjudged"),
    _reply(
        "replies_with_a_failure_that_is_an_array",
        'b\'{"d":[["failed",{"a":["|b1",[3]]}]]}\'',
        "bytes(3)",
        harm="unjudged",
    ),
    _reply(
        "replies_with_lines_that_are_no_lines",
        'b\'{"d":[["failed","exception"],["lines",{"l":[{"l":[1e999,{"d":[]},1]},7,{"l":[9,"x",{"l":[]}]}]}],["bases",{"l":[{"l":[]}]}]]}\'',
    ),
    _reply(
        "replies_with_a_syntax_error_in_column_a_billion",
        'b\'{"d":[["failed","syntax"],["message","x"],["lines",{"l":[{"l":[1,"x",1000000000]}]}]]}\'',
        harm="broke",
    ),
    _reply(
        "replies_with_a_message_of_a_megabyte",
        'b\'{"d":[["failed","exception"],["type","E"],["message","\' + b\'m\' * 1000000 + b\'"]]}\'',
        harm="broke",
    ),
    _reply("replies_with_keys_of_one_hash", _COLLIDING, by="limit", harm="broke"),
    _reply(
        "replies_with_points", 'b\'{"d":[["returned",1],["changed",{"d":[]}],["state","robust"],["points","99/10"]]}\''
    ),
    Attack(
        "reports_a_hidden_argument_as_a_fault_of_the_file",
        "Hidden cases leak nothing",
        in_call(
            "what = {'failed': 'exception', 'loading': True, 'type': 'E', 'message': str(x.tolist())}",
            "answer(json.dumps({'d': list(what.items())}).encode())",
            before=_CHANNEL,
        ),
        "leaked",
        "no evidence from hidden cases",
    ),
    _loads("says_loaded_with_an_array", 'b\'{"d":[["loaded",{"a":["|b1",[16]]}]]}\''),
    _loads(
        "says_that_we_are_at_fault_when_loaded",
        'b\'{"d":[["failed","setup"],["message","no memory"]]}\'',
        "unjudged",
    ),
    _loads(
        "says_that_it_never_returns_a_file", 'b\'{"d":[["failed","source"],["message","not submitted"]]}\'', "points"
    ),
    _lies("lies_that_it_returned_something_right", "{'returned': np.ones(3), 'changed': {}}"),
    _lies("lies_that_we_are_at_fault", "{'failed': 'setup', 'message': 'no memory'}", "unjudged"),
    _lies("lies_in_a_form_of_its_own", "{'verdict': 'robust', 'points': float('nan')}"),
    _says(
        "names_a_class_with_escape_codes",
        in_call("raise type('\\x1b[2J\\x1b]0;owned\\x07', (Exception,), {})('\\x1b[31m\\u202e')"),
    ),
    _says(
        "names_a_class_with_half_a_character", in_call("raise type('\\ud800', (Exception,), {})('\\udfff')"), "broke"
    ),
    _says("prints_escape_codes", in_call("print('\\x1b[2J\\x1b[H::error::owned\\r\\x9b31m\\u2028')", "return 2 * x")),
    _says("writes_escape_codes_in_its_own_lines", "def f(x):\n    raise ValueError  # \x1b[2J\u202e\n"),
    _says("raises_escape_codes_while_it_is_read", "raise ValueError('\\x1b[2J\\x9b31m')\n"),
    _says("defines_names_that_are_no_names", "globals()['ff\\x1b[2J'] = lambda x: x\n"),
    _says("returns_a_dict_with_escape_codes_for_keys", in_call("return {'\\x1b[2J' * 99: x, '{}': 1}")),
    _says(
        "raises_a_class_whose_name_raises",
        in_call(
            "raise E",
            before="class M(type):\n    __name__ = property(lambda c: 1 / 0)\nclass E(Exception, metaclass=M): pass",
        ),
        "broke",
    ),
    _says(
        "raises_with_a_text_of_another_kind",
        in_call(
            "raise E",
            before="class T(str):\n"
            "    __getitem__ = encode = lambda *a: 1 / 0\n"
            "class E(Exception):\n"
            "    __str__ = lambda s: T('x')",
        ),
        "broke",
    ),
)
